import type { Invocation } from "../lambda/lambda";
import type { MappingConfiguration } from "./mapping-configuration";
import type { ReadRecord } from "./event-record";

/** Records that go to the function together, and how often they have. */
export interface Batch {
  readonly records: readonly ReadRecord[];
  /** Retries that counted; a split does not. */
  readonly retries: number;
  /** Invocations that these records were part of. */
  readonly invocations: number;
}

/** A batch that was not processed, or not all of it. */
export interface BatchFailure {
  readonly outcome: "failed";
  /** Index of the first record that was not processed; 0 when none was. */
  readonly from: number;
  readonly reason: string;
  /** Whether the function ended in an error, rather than with an answer that reports failures. */
  readonly functionError: boolean;
}

/** How the function dealt with a batch. */
export type BatchResult = { readonly outcome: "succeeded" } | BatchFailure;

/** What to do after a failed invocation. */
export interface RetryPlan {
  /** How many records, from the first, count as processed. */
  readonly processed: number;
  /** What to try again, in this order. */
  readonly retry: readonly Batch[];
  /** What to give up, because its retries are used up. */
  readonly discard: Batch | undefined;
}

/**
 * Reads the function's answer to a batch. Without partial responses every answer that is no error is a success. With them, an empty or null
 * list or answer is a success, the lowest sequence number in the list is where to go on, and an empty, missing or unknown one fails the batch.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readBatchResult(
  invocation: Invocation,
  records: readonly ReadRecord[],
  reportsItemFailures: boolean,
): BatchResult {
  if ("functionError" in invocation) {
    const { errorType, errorMessage } = invocation.functionError;
    return { outcome: "failed", from: 0, reason: `${errorType}: ${errorMessage}`, functionError: true };
  }
  if (!reportsItemFailures) return { outcome: "succeeded" };
  const failures = (invocation.payload as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  const wrong = (reason: string): BatchResult => ({
    outcome: "failed",
    from: 0,
    reason,
    functionError: false,
  });
  if (!Array.isArray(failures)) return wrong("batchItemFailures is not a list");
  if (failures.length === 0) return { outcome: "succeeded" };
  const positions = failures.map((failure) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === failure?.itemIdentifier),
  );
  const unknown = positions.indexOf(-1);
  if (unknown !== -1)
    return wrong(`batchItemFailures names no record of the batch: ${JSON.stringify(failures[unknown])}`);
  const from = Math.min(...positions);
  const reason = `the function reported record ${records[from].sequenceNumber} as failed`;
  return { outcome: "failed", from, reason, functionError: false };
}

/**
 * Decides what becomes of a failed batch. A batch of which nothing was processed is halved, one that was processed in part is split where the
 * function said, if the mapping bisects; neither uses up a retry.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function planRetries(
  batch: Batch,
  from: number,
  { bisects, maximumRetries }: Pick<MappingConfiguration, "bisects" | "maximumRetries">,
): RetryPlan {
  const rest = batch.records.slice(from);
  const part = (records: readonly ReadRecord[], retries: number): Batch => ({ ...batch, records, retries });
  if (bisects && from > 0) return { processed: from, retry: [part(rest, batch.retries)], discard: undefined };
  if (bisects && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    const halves = [rest.slice(0, middle), rest.slice(middle)].map((half) => part(half, batch.retries));
    return { processed: 0, retry: halves, discard: undefined };
  }
  if (batch.retries >= maximumRetries)
    return { processed: from, retry: [], discard: part(rest, batch.retries) };
  return { processed: from, retry: [part(rest, batch.retries + 1)], discard: undefined };
}

/** The leading records that have passed the maximum age, and the others. */
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
