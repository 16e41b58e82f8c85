import type { Invocation } from "../lambda/lambda";
import type { MappingConfiguration } from "./mapping-configuration";
import type { ReadRecord } from "./event-record";

/** Records of one invocation, with the number of earlier attempts. */
export interface Batch {
  readonly records: readonly ReadRecord[];
  /** Retries so far; a split does not count as a retry. */
  readonly retries: number;
  /** Invocations so far that included these records. */
  readonly invocations: number;
}

/** Failure of a batch, in whole or in part. */
export interface BatchFailure {
  readonly outcome: "failed";
  /** Index of the first record that was not processed. */
  readonly from: number;
  readonly reason: string;
  /** Whether the function reported that record, so that the batch is split there. */
  readonly reported: boolean;
  /** Whether the function failed. False if it returned a response that reports failures. */
  readonly functionError: boolean;
}

/** Result of an invocation with a batch. */
export type BatchResult = { readonly outcome: "succeeded" } | BatchFailure;

/** Next steps after a failed invocation. */
export interface RetryPlan {
  /** Number of records at the start of the batch that count as processed. */
  readonly processed: number;
  /** Batches to retry, in this order. */
  readonly retry: readonly Batch[];
  /** Batch to discard, because it has no retries left. */
  readonly discard: Batch | undefined;
}

/**
 * Reads the function's response to a batch. Without partial batch responses, every response that is not an error is a success. With them, an
 * empty or null list or response is a success. Otherwise the lowest sequence number in the list is the first failed record; an empty, missing
 * or unknown sequence number fails the whole batch.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readBatchResult(
  invocation: Invocation,
  records: readonly ReadRecord[],
  reportsItemFailures: boolean,
): BatchResult {
  if ("functionError" in invocation) {
    const { errorType, errorMessage } = invocation.functionError;
    return {
      outcome: "failed",
      from: 0,
      reason: `${errorType}: ${errorMessage}`,
      reported: false,
      functionError: true,
    };
  }
  if (!reportsItemFailures) return { outcome: "succeeded" };
  const failures = (invocation.payload as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  const invalid = (reason: string): BatchResult => ({
    outcome: "failed",
    from: 0,
    reason,
    reported: false,
    functionError: false,
  });
  if (!Array.isArray(failures)) return invalid("batchItemFailures is not a list");
  if (failures.length === 0) return { outcome: "succeeded" };
  const positions = failures.map((failure) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === failure?.itemIdentifier),
  );
  const unknown = positions.indexOf(-1);
  if (unknown !== -1)
    return invalid(`batchItemFailures names no record of the batch: ${JSON.stringify(failures[unknown])}`);
  const from = Math.min(...positions);
  const reason = `the function reported record ${records[from].sequenceNumber} as failed`;
  return { outcome: "failed", from, reason, reported: true, functionError: false };
}

/**
 * Plans the retries of a failed batch. The records before a reported one are processed. If the mapping bisects, a batch is halved only after a
 * function error or an invalid identifier; a split, at a reported record or in halves, does not count as a retry.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html ("bisected at the returned sequence number")
 * and https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function planRetries(
  batch: Batch,
  { from, reported }: Pick<BatchFailure, "from" | "reported">,
  { bisects, maximumRetries }: Pick<MappingConfiguration, "bisects" | "maximumRetries">,
): RetryPlan {
  const rest = batch.records.slice(from);
  const part = (records: readonly ReadRecord[], retries: number): Batch => ({ ...batch, records, retries });
  if (bisects && from > 0) return { processed: from, retry: [part(rest, batch.retries)], discard: undefined };
  if (bisects && !reported && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    const halves = [rest.slice(0, middle), rest.slice(middle)].map((half) => part(half, batch.retries));
    return { processed: 0, retry: halves, discard: undefined };
  }
  if (batch.retries >= maximumRetries)
    return { processed: from, retry: [], discard: part(rest, batch.retries) };
  return { processed: from, retry: [part(rest, batch.retries + 1)], discard: undefined };
}

/** Splits a batch into its first records that exceed the maximum age, and the rest. */
export function splitExpired(
  batch: Batch,
  maximumAgeMs: number,
  now: number,
): { readonly expired: Batch | undefined; readonly fresh: Batch | undefined } {
  const firstFresh = batch.records.findIndex(({ arrivedAt }) => now - arrivedAt <= maximumAgeMs);
  const count = firstFresh === -1 ? batch.records.length : firstFresh;
  const part = (records: readonly ReadRecord[]): Batch | undefined =>
    records.length === 0 ? undefined : { ...batch, records };
  return { expired: part(batch.records.slice(0, count)), fresh: part(batch.records.slice(count)) };
}
