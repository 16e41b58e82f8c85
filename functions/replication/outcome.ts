import type { DynamoDBRecord } from "aws-lambda";
import { log } from "../log";
import type { QuarantineReason } from "./quarantine";

/** A record that can never be applied, and why. */
export interface RejectedRecord {
  readonly record: DynamoDBRecord;
  readonly reason: QuarantineReason;
}

/** What became of the records of a batch. */
export interface Outcome {
  readonly count: { applied: number; stale: number };
  /** Sequence numbers of records that the stream must give again. */
  readonly failed: bigint[];
  /** Records to quarantine. */
  readonly rejected: RejectedRecord[];
  /** Records in quarantine. */
  readonly quarantined: RejectedRecord[];
  /** The first error that made a record fail. */
  error?: Error;
}

/** The outcome of a batch of which nothing is done yet. */
export function nothingYet(): Outcome {
  return { count: { applied: 0, stale: 0 }, failed: [], rejected: [], quarantined: [] };
}

/** Notes that the stream must give a record again, and all later ones. */
export function fail(outcome: Outcome, sequenceNumber: bigint, error: unknown): void {
  outcome.failed.push(sequenceNumber);
  outcome.error ??= error as Error;
}

/** The lowest of some sequence numbers; there must be one. */
export function lowest(sequenceNumbers: readonly bigint[]): bigint {
  return sequenceNumbers.reduce((left, right) => (right < left ? right : left));
}

/** Logs the outcome as one line: a warning when something failed or was quarantined. */
export function logOutcome(
  outcome: Outcome,
  size: { readonly records: number; readonly items: number },
): void {
  const { count, failed, quarantined, error } = outcome;
  log({
    level: error || quarantined.length > 0 ? "WARN" : "INFO",
    message: "replicated",
    ...size,
    ...count,
    quarantined: quarantined.length,
    failed: failed.length,
    reason: error && { error: error.name, message: error.message },
    setAside: quarantined.length > 0 ? quarantined.map(inShort) : undefined,
  });
}

/** Enough to find the record in the quarantine, without what customers wrote. */
function inShort({ record, reason }: RejectedRecord): object {
  return { item: record.dynamodb?.Keys?.id?.S, ...reason };
}
