import type { DynamoDBRecord } from "aws-lambda";
import { log } from "../shared/log";
import type { ApplyResult } from "./apply";
import type { BatchFigures } from "./batch-metrics";
import { failureOf } from "./failure";
import type { QuarantinePlace } from "./quarantine";
import type { QuarantineReason } from "./quarantined-record";
import type { ReplicableRecord } from "./stream-record";

/** Record that can never be applied, with the reason. */
interface FailedRecord {
  readonly record: DynamoDBRecord;
  readonly reason: QuarantineReason;
}

/** Quarantined record. */
interface QuarantinedAt extends FailedRecord {
  readonly place: QuarantinePlace;
}

/** Write in the log: the function that handled the request logs the same ticket id and version. */
interface LoggedWrite {
  readonly item: string;
  readonly version: string;
  readonly result: ApplyResult["result"] | "replaced";
}

/** Outcome of the records of a batch. */
export interface Outcome {
  readonly count: Record<"applied" | "stale" | "conflicts", number>;
  /** Writes that were applied, stale, or replaced by a newer one of the same batch. */
  readonly writes: LoggedWrite[];
  /** Milliseconds from the version of each applied write to its application. */
  readonly lags: number[];
  /** Milliseconds by which the highest version is ahead of this region's clock; 0 if none is ahead. */
  clockSkew: number;
  /** Sequence numbers of records that the stream must deliver again. */
  readonly failed: string[];
  /** Records to quarantine. */
  readonly permanentFailures: FailedRecord[];
  /** Reasons of the records whose items may not cross regions. These records are not retried. */
  readonly rejectedReasons: string[];
  /** Records in quarantine, each with its place. */
  readonly quarantined: QuarantinedAt[];
  /** First error that made a record fail. */
  error?: Error;
}

/** Returns the outcome of a batch before its first record. */
export function emptyOutcome(): Outcome {
  const count = { applied: 0, stale: 0, conflicts: 0 };
  return {
    count,
    writes: [],
    lags: [],
    clockSkew: 0,
    failed: [],
    permanentFailures: [],
    rejectedReasons: [],
    quarantined: [],
  };
}

/**
 * Counts an applied or stale write.
 * @param item the write's record, and older ones of the same item, which it replaces.
 * @param lag milliseconds from the version of the write to now.
 */
export function countApplied(
  { count, lags, writes }: Outcome,
  item: readonly Pick<ReplicableRecord, "id" | "versionText">[],
  { result, conflict }: ApplyResult,
  lag: number,
): void {
  count[result]++;
  for (const [index, { id, versionText: version }] of item.entries())
    writes.push({ item: id, version, result: index === 0 ? result : "replaced" });
  if (conflict) count.conflicts++;
  // The clock of the writer may be ahead of this one.
  if (result === "applied") lags.push(Math.max(0, lag));
}

/** Records how far a version is ahead of this region's clock, in milliseconds. */
export function recordClockSkew(outcome: Outcome, ahead: number): void {
  outcome.clockSkew = Math.max(outcome.clockSkew, ahead);
}

/**
 * Returns the figures of a batch.
 * @param retried number of records that the stream delivers again.
 */
export function figuresOf(
  { count, lags, clockSkew, quarantined, rejectedReasons }: Outcome,
  retried: number,
): BatchFigures {
  const inBucket = quarantined.filter(({ place }) => place === "bucket").length;
  return {
    ...count,
    quarantined: quarantined.length,
    quarantinedInBucket: inBucket,
    rejected: rejectedReasons.length,
    lags,
    clockSkew,
    retried,
  };
}

/** Records that the stream must deliver a record and all later ones again. */
export function recordFailure(outcome: Outcome, sequenceNumber: string, error: unknown): void {
  outcome.failed.push(sequenceNumber);
  outcome.error ??= error as Error;
}

/** Maximum number of logged reasons. Further ones are only counted. */
const MAXIMUM_REASONS = 10;

/**
 * Logs the outcome as one line: a warning if a record failed, was quarantined or was rejected. A search for the version of a write
 * finds the request that made it and the batch that replicated it.
 */
export function logOutcome(
  outcome: Outcome,
  size: { readonly records: number; readonly items: number },
): void {
  const { count, writes, failed, quarantined, rejectedReasons, error } = outcome;
  log({
    level: error || quarantined.length + rejectedReasons.length > 0 ? "WARN" : "INFO",
    message: "replicated",
    ...size,
    ...count,
    quarantined: quarantined.length,
    rejected: rejectedReasons.length,
    failed: failed.length,
    writes: writes.length > 0 ? writes : undefined,
    reason: error && { error: error.name, kind: failureOf(error).kind, message: error.message },
    setAside: quarantined.length > 0 ? quarantined.slice(0, MAXIMUM_REASONS).map(summaryOf) : undefined,
    mayNotCross: rejectedReasons.length > 0 ? rejectedReasons.slice(0, MAXIMUM_REASONS) : undefined,
  });
}

/** Returns what identifies the record in the quarantine, without any content of customers. */
function summaryOf({ record, reason, place }: QuarantinedAt): object {
  return { item: record.dynamodb?.Keys?.id?.S, place, ...reason };
}
