import { functionArnOf, qualified, qualifierOf } from "../lambda/function-arn";
import type { DeclaredResource } from "../resource";
import { compileFilters, type EventFilter } from "./event-filter";

/** Validated inputs of an event source mapping. */
export interface MappingConfiguration {
  /** Logical name in Pulumi. */
  readonly name: string;
  readonly uuid: string;
  /** AWS code of the region, which the mapping, its stream and its function share. */
  readonly region: string;
  readonly streamArn: string;
  /** With the version or alias that the mapping invokes, if it names one. */
  readonly functionArn: string;
  readonly enabled: boolean;
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  /** 1 to 10,000 records. */
  readonly batchSize: number;
  /** Time to collect records for a batch, 0 to 300 s. */
  readonly batchingWindowMs: number;
  /** Batches of one shard that are delivered at the same time, 1 to 10. */
  readonly parallelizationFactor: number;
  readonly filter: EventFilter;
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** Infinity when there is no limit. */
  readonly maximumRetries: number;
  /** Infinity when there is no limit. */
  readonly maximumRecordAgeMs: number;
  /** Name of the bucket for discarded records, if there is one. */
  readonly onFailureBucket: string | undefined;
}

/**
 * Reads the inputs of an `aws:lambda/eventSourceMapping:EventSourceMapping` with the limits and defaults of CreateEventSourceMapping for streams.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 * @throws Error that names the mapping, the input and the allowed values.
 */
export function mappingConfiguration(
  { inputs, name, region }: Pick<DeclaredResource, "inputs" | "name" | "region">,
  uuid: string,
): MappingConfiguration {
  const fail = (input: string, why: string): never => {
    throw new Error(`Event source mapping ${name}: ${input} ${why}.`);
  };
  const inRange = (input: string, from: number, to: number, otherwise: number): number => {
    const value = inputs[input] ?? otherwise;
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    return fail(input, `must be a whole number from ${from} to ${to}, not ${value}`);
  };
  if ((inputs.region ?? region) !== region) fail("region", `must be the region of its provider, ${region}`);
  const unlimited = (value: number): number => (value === -1 ? Infinity : value);
  const stream = /^arn:aws:dynamodb:([^:]+):\d+:table\/[^/]+\/stream\/.+$/.exec(inputs.eventSourceArn ?? "");
  if (!stream)
    return fail(
      "eventSourceArn",
      `must be the ARN of a DynamoDB stream, not ${inputs.eventSourceArn}; other sources are not emulated`,
    );
  if (stream[1] !== region && stream[1] !== DYNAMODB_LOCAL_REGION)
    fail("eventSourceArn", `must be in the mapping's own region ${region}, not ${stream[1]}`);
  const position = inputs.startingPosition;
  if (position !== "TRIM_HORIZON" && position !== "LATEST")
    fail("startingPosition", `must be TRIM_HORIZON or LATEST, not ${position}`);
  const responseTypes: readonly string[] = inputs.functionResponseTypes ?? [];
  if (responseTypes.some((type) => type !== "ReportBatchItemFailures"))
    fail("functionResponseTypes", `may contain only ReportBatchItemFailures, not ${responseTypes}`);
  const batchSize = inRange("batchSize", 1, 10_000, 100);
  const windowSeconds = inRange("maximumBatchingWindowInSeconds", 0, 300, 0);
  const age = inRange("maximumRecordAgeInSeconds", -1, 604_800, -1);
  if (age !== -1 && age < 60)
    fail("maximumRecordAgeInSeconds", `must be -1 or from 60 to 604800, not ${age}`);
  const patterns = (inputs.filterCriteria?.filters ?? []).map(
    ({ pattern }: { pattern?: string }) => pattern ?? "",
  );
  return {
    name,
    uuid,
    region,
    streamArn: inputs.eventSourceArn,
    functionArn: qualified(functionArnOf(inputs.functionName, region), qualifierOf(inputs.functionName)),
    enabled: inputs.enabled ?? true,
    startingPosition: position,
    batchSize,
    batchingWindowMs: windowSeconds * 1000,
    parallelizationFactor: inRange("parallelizationFactor", 1, 10, 1),
    filter: compileFilters(patterns, (why) => fail("filterCriteria", why)),
    reportsItemFailures: responseTypes.length > 0,
    bisects: inputs.bisectBatchOnFunctionError ?? false,
    maximumRetries: unlimited(inRange("maximumRetryAttempts", -1, 10_000, -1)),
    maximumRecordAgeMs: unlimited(age) * (age === -1 ? 1 : 1000),
    onFailureBucket: bucketOf(inputs.destinationConfig?.onFailure?.destinationArn, fail),
  };
}

/** Region in the ARNs of DynamoDB Local. */
const DYNAMODB_LOCAL_REGION = "ddblocal";

function bucketOf(
  destinationArn: string | undefined,
  fail: (input: string, why: string) => never,
): string | undefined {
  if (destinationArn === undefined) return undefined;
  const bucket = /^arn:aws:s3:::([^/]+)$/.exec(destinationArn);
  if (bucket) return bucket[1];
  return fail(
    "destinationConfig",
    `has the destination ${destinationArn}; only an S3 bucket, which receives the whole records, is emulated`,
  );
}
