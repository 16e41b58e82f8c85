import { randomUUID } from "node:crypto";
import type { Batch } from "./batch";
import type { MappingConfiguration } from "./mapping-configuration";

/** Why records were given up. */
export type Condition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** What an S3 destination receives of records that were given up. */
export interface InvocationRecord {
  readonly key: string;
  /** JSON. */
  readonly body: string;
}

/**
 * The invocation record that Lambda writes to an S3 destination: metadata, and the whole event as a string.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @param functionError whether the last invocation ended in an error; a partial response is none.
 * @param now milliseconds since 1970.
 */
export function invocationRecord(
  mapping: Pick<MappingConfiguration, "uuid" | "functionArn" | "streamArn">,
  shardId: string,
  batch: Batch,
  condition: Condition,
  functionError: boolean,
  now: number,
): InvocationRecord {
  const { records, invocations } = batch;
  const [first, last] = [records[0], records[records.length - 1]];
  const timestamp = new Date(now).toISOString();
  const body = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: mapping.functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: functionError ? "Unhandled" : null,
    },
    version: "1.0",
    timestamp,
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: inSeconds(first.arrivedAt),
      approximateArrivalOfLastRecord: inSeconds(last.arrivedAt),
      batchSize: records.length,
      streamArn: mapping.streamArn,
    },
    payload: JSON.stringify({ Records: records.map(({ event }) => event) }),
  };
  const day = timestamp.slice(0, 10);
  const time = timestamp.slice(0, 19).replace(/:/g, ".");
  return {
    key: `aws/lambda/${mapping.uuid}/${shardId}/${day.replace(/-/g, "/")}/${time}-${randomUUID()}`,
    body: JSON.stringify(body),
  };
}

function inSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
