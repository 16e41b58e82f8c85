import type { S3Client } from "@aws-sdk/client-s3";
import { localClientConfig } from "../local-client";
import type { Batch } from "./batch";
import type { Condition } from "./invocation-record";
import { invocationRecord } from "./invocation-record";
import { describeError } from "./mapping-status";
import type { MappingContext } from "./mapping-context";
import { persist } from "./mapping-context";

/**
 * Where records go that are given up: an S3 bucket, written in the function's role. While the bucket cannot be reached they wait; when it refuses
 * them they are lost, as on AWS (CloudWatch metric DestinationDeliveryFailures), and the log says so.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class FailureDestination {
  private client: S3Client | undefined;

  constructor(private readonly context: MappingContext) {}

  /** Gives a batch up. */
  async discard(shardId: string, batch: Batch, condition: Condition, functionError: boolean): Promise<void> {
    const { configuration, status, clock } = this.context;
    const what = `${condition}: ${batch.records.length} records from ${batch.records[0].sequenceNumber} of ${shardId}`;
    if (configuration.onFailureBucket === undefined) {
      status.lost("records are lost", `${what}; the mapping has no destination for them`);
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
      await persist(this.context, doing, () => this.put(key, body), isRefusal).catch((error) => {
        this.context.signal.throwIfAborted();
        status.lost("records are lost", `${what}; ${doing} was refused: ${describeError(error)}`);
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
