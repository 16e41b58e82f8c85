import { Program, resourceNamed } from "../support/mocked-program";

/** Returns the expected conditions of a region's alarms on writes that an index throttles, by name. */
export function expectedIndexAlarms(
  program: Program,
  { name, code }: { readonly name: string; readonly code: string },
): Record<string, object> {
  const table = resourceNamed(program, "aws:dynamodb/table:Table", `${name}-tickets`).outputs.name as unknown;
  return Object.fromEntries(
    ["byStatusShard", "byAssigneeShard"].map((index) => [
      `${name}-index-throttles-${index.toLowerCase()}`,
      {
        metric: "AWS/DynamoDB WriteThrottleEvents",
        dimensions: { TableName: table, GlobalSecondaryIndexName: index },
        statistic: "Sum",
        threshold: 1,
        period: [60, 2, 5],
        region: code,
      },
    ]),
  );
}
