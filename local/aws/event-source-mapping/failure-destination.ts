import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { localClientConfig } from "../local-client";
import type { Batch } from "./batch";
import type { MappingConfiguration } from "./mapping-configuration";
import { describeError } from "./mapping-status";
import type { MappingContext } from "./mapping-context";
import { retryUntilSuccess } from "./mapping-context";

/**
 * Where records go that are given up: an S3 bucket, written in the function's role. While the bucket cannot be reached they wait; when it refuses
 * them they are lost, as on AWS (CloudWatch metric DestinationDeliveryFailures), and the log says so.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class FailureDestination {
  private client: S3Client | undefined;

  constructor(private readonly context: MappingContext) {}

  /** Gives a batch up. */
  async discard(
    shardId: string,
    batch: Batch,
    condition: DiscardCondition,
    functionError: boolean,
  ): Promise<void> {
    const { configuration, status, clock } = this.context;
    const what = `${condition}: ${batch.records.length} records from ${batch.records[0].sequenceNumber} of ${shardId}`;
    if (configuration.onFailureBucket === undefined) {
      status.recordFinalFailure("records are lost", `${what}; the mapping has no destination for them`);
    } else {
      const { key, body } = invocationRecord(
        configuration,
        shardId,
        batch,
        condition,
        functionError,
        clock(),
      );
      const doing = `writing to s3://${configuration.onFailureBucket}`;
      await retryUntilSuccess(this.context, doing, () => this.put(key, body), isRefusal).catch((error) => {
        this.context.signal.throwIfAborted();
        status.recordFinalFailure(
          "records are lost",
          `${what}; ${doing} was refused: ${describeError(error)}`,
        );
      });
    }
    status.recordsDiscarded += batch.records.length;
  }

  close(): void {
    this.client?.destroy();
  }

  private async put(key: string, body: string): Promise<void> {
    // Loaded when it is first needed: a mapping without failures never does, and it takes a while to load.
    const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
    const { configuration, lambda, signal } = this.context;
    this.client ??= new S3Client({
      ...localClientConfig(lambda.clientConfig(configuration.functionArn)),
      forcePathStyle: true,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
    });
    const input = {
      Bucket: configuration.onFailureBucket,
      Key: key,
      Body: body,
      ContentType: "application/json",
    };
    await this.client.send(new PutObjectCommand(input), { abortSignal: signal });
  }
}

/** Whether S3 answered, and said no for good. */
function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 && status !== 429;
}

/** Why records were given up. */
export type DiscardCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

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
  condition: DiscardCondition,
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
