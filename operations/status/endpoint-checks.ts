import { CommandError } from "../../command-line/command-error";
import { awsCommandLine, type RunAws } from "../cli/aws-command-line";
import type { CheckReport } from "./report";

/** Route 53's control plane is in us-east-1 only. */
const ROUTE_53_REGION = "us-east-1";
/**
 * An endpoint is healthy when more than 18 % of the health checkers report it healthy.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
const HEALTHY_PERCENT = 18;

/** The used part of https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHealthCheckStatus.html */
interface HealthCheckStatus {
  readonly HealthCheckObservations: readonly { readonly StatusReport: { readonly Status: string } }[];
}

/**
 * Reads the status of the regions' endpoints from Route 53's health checkers. Calculated checks have no such status.
 * @param checks ids of the health checks by region alias.
 * @throws CommandError when the stack has no such output, or the control plane does not respond.
 */
export async function endpointChecks(
  checks: Readonly<Record<string, string>> | undefined,
  runAws: RunAws = awsCommandLine,
): Promise<CheckReport[]> {
  if (!checks) throw new CommandError("the stack outputs have no health check ids; update the stack first");
  return Promise.all(Object.entries(checks).map(([region, id]) => checkReport(region, id, runAws)));
}

async function checkReport(region: string, id: string, runAws: RunAws): Promise<CheckReport> {
  const { HealthCheckObservations: observations } = (await runAws([
    ...["route53", "get-health-check-status", "--region", ROUTE_53_REGION, "--health-check-id", id],
  ])) as HealthCheckStatus;
  const results = observations.map(({ StatusReport }) => StatusReport.Status);
  const good = results.filter((result) => result.startsWith("Success"));
  const [reason] = results.filter((result) => !result.startsWith("Success"));
  const figure = `${good.length} of ${results.length} checkers report healthy`;
  const healthy = good.length * 100 > results.length * HEALTHY_PERCENT;
  return {
    name: `the endpoint of ${region}`,
    healthy,
    means: healthy ? "healthy" : "unhealthy",
    lastResult: reason === undefined ? figure : `${figure}; one of the others: ${reason}`,
  };
}
