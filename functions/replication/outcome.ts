import type { DynamoDBRecord } from "aws-lambda";
import { log } from "../shared/log";
import type { ApplyResult } from "./apply";
import type { BatchFigures } from "./batch-metrics";
import { failureOf } from "./failure";
import type { QuarantinePlace } from "./quarantine";
import type { QuarantineReason } from "./quarantined-record";

/** A record that can never be applied, and why. */
interface RejectedRecord {
  readonly record: DynamoDBRecord;
  readonly reason: QuarantineReason;
}

interface QuarantinedAt extends RejectedRecord {
  readonly place: QuarantinePlace;
}

/** What became of the records of a batch. */
export interface Outcome {
  readonly count: Record<"applied" | "stale" | "conflicts", number>;
  /** Of each write that was applied, milliseconds from its version to then. */
  readonly lags: number[];
  /** Milliseconds that the furthest version is ahead of this region's clock; 0 when none is. */
  clockSkew: number;
  /** Sequence numbers of records that the stream must give again. */
  readonly failed: bigint[];
  /** Records to quarantine. */
  readonly permanentFailures: RejectedRecord[];
  /** Why each record was rejected whose item may not cross regions; those records are done with. */
  readonly rejectedReasons: string[];
  /** Records in quarantine, and where. */
  readonly quarantined: QuarantinedAt[];
  /** The first error that made a record fail. */
  error?: Error;
}

/** The outcome of a batch of which nothing is done yet. */
export function emptyOutcome(): Outcome {
  const count = { applied: 0, stale: 0, conflicts: 0 };
  return {
    count,
    lags: [],
    clockSkew: 0,
    failed: [],
    permanentFailures: [],
    rejectedReasons: [],
    quarantined: [],
  };
}

/**
 * Counts a write.
 * @param lag milliseconds from its version to now.
 */
export function countApplied({ count, lags }: Outcome, { result, conflict }: ApplyResult, lag: number): void {
  count[result]++;
  if (conflict) count.conflicts++;
  // A writer's clock may be ahead of this one.
  if (result === "applied") lags.push(Math.max(0, lag));
}

/** Notes how far a version is ahead of this region's clock, in milliseconds. */
export function recordClockSkew(outcome: Outcome, ahead: number): void {
  outcome.clockSkew = Math.max(outcome.clockSkew, ahead);
}

/** @param retried how many records the stream gives again. */
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

/** Notes that the stream must give a record again, and all later ones. */
export function recordFailure(outcome: Outcome, sequenceNumber: bigint, error: unknown): void {
  outcome.failed.push(sequenceNumber);
  outcome.error ??= error as Error;
}

/** The lowest of some sequence numbers; there must be one. */
export function lowest(sequenceNumbers: readonly bigint[]): bigint {
  return sequenceNumbers.reduce((left, right) => (right < left ? right : left));
}

/** More reasons than this are only counted. */
const MAXIMUM_REASONS = 10;

/** Logs the outcome as one line: a warning when something failed, was quarantined or was rejected. */
export function logOutcome(
  outcome: Outcome,
  size: { readonly records: number; readonly items: number },
): void {
  const { count, failed, quarantined, rejectedReasons, error } = outcome;
  log({
    level: error || quarantined.length + rejectedReasons.length > 0 ? "WARN" : "INFO",
    message: "replicated",
    ...size,
    ...count,
    quarantined: quarantined.length,
    rejected: rejectedReasons.length,
    failed: failed.length,
    reason: error && { error: error.name, kind: failureOf(error).kind, message: error.message },
    setAside: quarantined.length > 0 ? quarantined.slice(0, MAXIMUM_REASONS).map(inShort) : undefined,
    mayNotCross: rejectedReasons.length > 0 ? rejectedReasons.slice(0, MAXIMUM_REASONS) : undefined,
  });
}

/** Enough to find the record in the quarantine, without what customers wrote. */
function inShort({ record, reason, place }: QuarantinedAt): object {
  return { item: record.dynamodb?.Keys?.id?.S, place, ...reason };
}
