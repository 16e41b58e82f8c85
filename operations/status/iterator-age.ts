import { CommandError } from "../../command-line/command-error";
import { awsCommandLine, type RunAws } from "../cli/aws-command-line";
import type { DeployedRegion } from "../cli/deployed-regions";
import { eventSourceMappings } from "../cli/event-source-mappings";
import { localState } from "../cli/local-cloud";

/** The metric arrives up to minutes late. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const PERIOD_MS = 5 * 60_000;

/** The used part of a response of CloudWatch. */
interface Statistics {
  readonly Datapoints: readonly { readonly Maximum: number }[];
}

/**
 * Returns the greatest iterator age of all shards of a local region's stream, in milliseconds.
 * @param region alias of the source.
 */
export async function localIteratorAge(consoleUrl: string, region: string): Promise<number> {
  const { replication } = await localState(consoleUrl);
  const direction = replication.find(({ from }) => from === region);
  if (direction) return direction.lagMs;
  throw new CommandError(`${region} has no event source mapping`);
}

/**
 * Returns the greatest `IteratorAge` of the replication function of a region in the last five minutes, in milliseconds. It covers all
 * shards of the stream. Calls control planes with the AWS CLI.
 * @throws CommandError when a call fails, or the function was not invoked in that time.
 */
export async function iteratorAge(
  region: Pick<DeployedRegion, "code" | "table">,
  now: number,
  runAws: RunAws = awsCommandLine,
): Promise<number> {
  const ages: number[] = [];
  for (const { FunctionArn } of await eventSourceMappings(region, runAws)) {
    // arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS
    const dimension = `Name=FunctionName,Value=${FunctionArn.split(":")[6]}`;
    const { Datapoints } = (await runAws([
      ...["cloudwatch", "get-metric-statistics", "--namespace", "AWS/Lambda", "--metric-name", "IteratorAge"],
      ...["--dimensions", dimension, "--statistics", "Maximum", "--period", "60"],
      ...["--start-time", new Date(now - PERIOD_MS).toISOString(), "--end-time", new Date(now).toISOString()],
      ...["--region", region.code],
    ])) as Statistics;
    ages.push(...Datapoints.map(({ Maximum }) => Maximum));
  }
  if (ages.length > 0) return Math.max(...ages);
  throw new CommandError("the replication function was not invoked in the last five minutes");
}
