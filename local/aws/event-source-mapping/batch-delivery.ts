import { planRetries, readBatchResult, splitExpired } from "./batch";
import type { Batch, BatchFailure, BatchResult } from "./batch";
import type { FailureDestination } from "./failure-destination";
import type { MappingContext } from "./mapping-context";
import { backOff, recordFailure, waitUntilActive } from "./mapping-context";
import type { ReadRecord } from "./event-record";

/** Callback for the progress of a shard: all records up to `upTo` were delivered or discarded. */
export type OnProcessed = (upTo: ReadRecord) => Promise<void>;

const INVOKING = "invoking the function";

/**
 * Delivers records to the function, in order, until each is processed or discarded.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class BatchDelivery {
  constructor(
    private readonly context: MappingContext,
    private readonly destination: FailureDestination,
  ) {}

  async deliver(shardId: string, records: readonly ReadRecord[], processed: OnProcessed): Promise<void> {
    const queue: Batch[] = [{ records, retries: 0, invocations: 0 }];
    let failures = 0;
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      const fresh = await this.discardExpired(shardId, batch, processed);
      if (!fresh) continue;
      const result = await this.invoke(fresh);
      if (result === "not invoked") {
        queue.unshift(fresh);
        await backOff(this.context, failures++);
      } else if (result.outcome === "succeeded") {
        failures = 0;
        await this.onSuccess(fresh.records, processed);
      } else {
        const split = await this.onFailure(shardId, fresh, result, processed);
        queue.unshift(...split);
        if (result.from > 0) failures = 0;
        if (split.length === 1 && result.from === 0) await backOff(this.context, failures++);
      }
    }
  }

  /** Discards the first records of a batch that are too old, and returns the rest. */
  private async discardExpired(
    shardId: string,
    batch: Batch,
    processed: OnProcessed,
  ): Promise<Batch | undefined> {
    await waitUntilActive(this.context);
    const { configuration, clock } = this.context;
    const { expired, fresh } = splitExpired(batch, configuration.maximumRecordAgeMs, clock());
    if (expired) {
      await this.destination.discard(shardId, expired, "RecordAgeExceeded", expired.invocations > 0);
      await processed(expired.records[expired.records.length - 1]);
    }
    return fresh;
  }

  private async invoke(batch: Batch): Promise<BatchResult | "not invoked"> {
    const { configuration, lambda, signal } = this.context;
    const event = { Records: batch.records.map((record) => record.event) };
    try {
      const invocation = await untilAborted(lambda.invoke(configuration.functionArn, event), signal);
      return readBatchResult(invocation, batch.records, configuration.reportsItemFailures);
    } catch (error) {
      // Throttled, or the region went down: the function did not fail, so this does not count as a retry.
      signal.throwIfAborted();
      recordFailure(this.context, INVOKING, error);
      return "not invoked";
    }
  }

  private async onSuccess(records: readonly ReadRecord[], processed: OnProcessed): Promise<void> {
    this.context.status.recordsDelivered += records.length;
    this.context.status.recordSuccess(INVOKING);
    await processed(records[records.length - 1]);
  }

  /** @returns the batches to retry. */
  private async onFailure(
    shardId: string,
    batch: Batch,
    result: BatchFailure,
    processed: OnProcessed,
  ): Promise<readonly Batch[]> {
    const { configuration, status } = this.context;
    status.batchesFailed++;
    status.recordFailure(INVOKING, result.reason);
    const invoked = { ...batch, invocations: batch.invocations + 1 };
    const next = planRetries(invoked, result, configuration);
    if (next.processed > 0) {
      status.recordsDelivered += next.processed;
      await processed(batch.records[next.processed - 1]);
    }
    if (next.discard) {
      await this.destination.discard(shardId, next.discard, "RetryAttemptsExhausted", result.functionError);
      await processed(batch.records[batch.records.length - 1]);
    }
    return next.retry;
  }
}

/** Waits for an invocation to end or the mapping to be closed. */
async function untilAborted<T>(invocation: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([invocation, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}
