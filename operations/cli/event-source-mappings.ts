import type { RunAws } from "./aws-command-line";
import type { DeployedRegion } from "./deployed-regions";

/** The used parts of an event source mapping. */
export interface EventSourceMapping {
  readonly UUID: string;
  readonly FunctionArn: string;
}

/**
 * Returns the event source mappings that read the stream of a region's ticket table, from the control planes.
 * https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
 * @throws CommandError when a call fails.
 */
export async function eventSourceMappings(
  { code, table }: Pick<DeployedRegion, "code" | "table">,
  runAws: RunAws,
): Promise<readonly EventSourceMapping[]> {
  const region = ["--region", code];
  const { Table } = (await runAws(["dynamodb", "describe-table", ...region, "--table-name", table])) as {
    readonly Table: { readonly LatestStreamArn?: string };
  };
  const stream = ["--event-source-arn", Table.LatestStreamArn ?? ""];
  const { EventSourceMappings } = (await runAws([
    ...["lambda", "list-event-source-mappings", ...region, ...stream],
  ])) as { readonly EventSourceMappings: readonly EventSourceMapping[] };
  return EventSourceMappings;
}
