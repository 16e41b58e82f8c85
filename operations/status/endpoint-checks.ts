import { awsCommandLine, type RunAws } from "../cli/aws-command-line";
import { CommandError } from "../../command-line/command-error";
import type { CheckReport } from "./report";

/** Route 53's control plane is in us-east-1 alone. */
const ROUTE_53_REGION = "us-east-1";
/**
 * An endpoint is healthy when more than so many of a hundred checkers find it so.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
const HEALTHY_PERCENT = 18;

/** What is used of https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHealthCheckStatus.html */
interface HealthCheckStatus {
  readonly HealthCheckObservations: readonly { readonly StatusReport: { readonly Status: string } }[];
}

/**
 * What Route 53's checkers find of the regions' endpoints. There is no such status of calculated checks.
 * @param checks ids by the region's nickname.
 * @throws CommandError when the stack does not tell the ids, or the control plane does not answer.
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
