import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { localClientConfig } from "../local-client";
import type { Batch } from "./batch";
import type { MappingConfiguration } from "./mapping-configuration";
import { describeError } from "./mapping-status";
import type { MappingContext } from "./mapping-context";
import { retryUntilSuccess } from "./mapping-context";

/**
 * Destination of discarded records: an S3 bucket, written in the function's role. Records wait while the bucket is unreachable. If it rejects
 * them, they are lost, as on AWS (CloudWatch metric DestinationDeliveryFailures), and a line is logged.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class FailureDestination {
  private client: S3Client | undefined;
  private accessKeyId: string | undefined;

  constructor(private readonly context: MappingContext) {}

  /** Discards a batch: writes it to the destination, if there is one. */
  async discard(
    shardId: string,
    batch: Batch,
    condition: DiscardCondition,
    functionError: boolean,
  ): Promise<void> {
    const { configuration, status, clock, lambda } = this.context;
    const what = `${condition}: ${batch.records.length} records from ${batch.records[0].sequenceNumber} of ${shardId}`;
    if (configuration.onFailureBucket === undefined) {
      status.recordFinalFailure("records are lost", `${what}; the mapping has no on-failure destination`);
    } else {
      const { key, body } = invocationRecord(
        configuration,
        shardId,
        batch,
        condition,
        functionError,
        lambda.versionOf(configuration.functionArn),
        clock(),
      );
      const operation = `writing to s3://${configuration.onFailureBucket}`;
      await retryUntilSuccess(this.context, operation, () => this.putObject(key, body), isRefusal).catch(
        (error) => {
          this.context.signal.throwIfAborted();
          status.recordFinalFailure(
            "records are lost",
            `${what}; ${operation} was rejected: ${describeError(error)}`,
          );
        },
      );
    }
    status.recordsDiscarded += batch.records.length;
  }

  close(): void {
    this.client?.destroy();
  }

  private async putObject(key: string, body: string): Promise<void> {
    // Loaded on first use: it is slow to load, and a mapping without failures does not need it.
    const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
    const { configuration, lambda, signal } = this.context;
    const target = lambda.clientConfig(configuration.functionArn);
    if (this.accessKeyId !== target.credentials.accessKeyId) {
      this.client?.destroy();
      this.client = undefined;
    }
    this.accessKeyId = target.credentials.accessKeyId;
    this.client ??= new S3Client({
      ...localClientConfig(target),
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

/** Returns whether S3 responded with an error that a retry cannot change. */
function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 && status !== 429;
}

/** Reason for which records were discarded (`condition` of the invocation record). */
export type DiscardCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** Object that an S3 destination receives for discarded records. */
export interface InvocationRecord {
  readonly key: string;
  /** JSON. */
  readonly body: string;
}

/**
 * Creates the invocation record that Lambda writes to an S3 destination: metadata, and the whole event as a string.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @param functionError whether the last invocation failed; a partial batch response is not a failure.
 * @param executedVersion `$LATEST`, or the number of the version that the mapping invokes.
 * @param now milliseconds since 1970.
 */
export function invocationRecord(
  mapping: Pick<MappingConfiguration, "uuid" | "functionArn" | "streamArn">,
  shardId: string,
  batch: Batch,
  condition: DiscardCondition,
  functionError: boolean,
  executedVersion: string,
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
      executedVersion,
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
