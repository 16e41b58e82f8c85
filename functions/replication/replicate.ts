import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { dynamoDB } from "../shared/aws";
import { waitForDistantConnections } from "../shared/distant-connections";
import { MAXIMUM_CONNECTIONS } from "../shared/reconnection";
import { environmentVariable } from "../shared/environment";
import { writeMetrics } from "../shared/metrics";
import { ApplyContext, applyWrite } from "./apply";
import { BatchFigures, batchMetrics } from "./batch-metrics";
import { conflictLog, conflictTable } from "./conflict-log";
import { isPermanent } from "./failure";
import { coalesceByItem, ItemRecords } from "./coalesce";
import { forEachBounded } from "../shared/for-each-bounded";
import { countApplied, recordFailure, figuresOf, logOutcome, recordClockSkew, emptyOutcome } from "./outcome";
import type { Outcome } from "./outcome";
import { Quarantine, quarantineIn, toBucket, toQueue } from "./quarantine";
import type { QuarantineReason } from "./quarantined-record";
import { compareSequenceNumbers, lowest } from "./sequence-number";
import { repeatingQuickFailures } from "./repeating-quick-failures";
import { readStreamRecord, ReplicableRecord } from "./stream-record";
import { targetTable } from "./target-table";
import { isTooFarAhead, MAXIMUM_AHEAD_MS, millisecondsAhead } from "./version";

/** Dependencies of replication. */
export interface ReplicationContext extends ApplyContext {
  /** AWS code of the region of the stream. */
  readonly region: string;
  readonly quarantine: Quarantine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Receives the figures of each batch; optional. */
  readonly measure?: (figures: BatchFigures) => void;
}

/**
 * Maximum number of items of a batch that are written to the other region concurrently, as many as a client has connections. A shard has one batch
 * at a time by default, so this decides its rate: a batch of 100 takes two rounds, which is at most about 280 items a second at 180 ms each.
 */
const PARALLEL_ITEMS = MAXIMUM_CONNECTIONS;

/**
 * Replicates a batch of stream records to the other region: the newest write of each item, different items in parallel, regardless
 * of the order of arrival. Returns the lowest sequence number that must be retried. Lambda delivers that record and all later
 * ones again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export async function replicateBatch(
  context: ReplicationContext,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const outcome = emptyOutcome();
  const items = coalesceByItem(replicableRecords(context, records, outcome));
  await forEachBounded(items, PARALLEL_ITEMS, (item) => replicateItem(context, item, outcome));
  await quarantinePermanentFailures(context, outcome);
  logOutcome(outcome, { records: records.length, items: items.length });
  const retryFrom = outcome.failed.length > 0 ? lowest(outcome.failed) : undefined;
  context.measure?.(figuresOf(outcome, countFrom(retryFrom, records)));
  return { batchItemFailures: retryFrom === undefined ? [] : [{ itemIdentifier: retryFrom }] };
}

/** Returns how many records the stream delivers again if it continues at a sequence number. */
function countFrom(retryFrom: string | undefined, records: readonly DynamoDBRecord[]): number {
  return retryFrom === undefined
    ? 0
    : records.filter((record) => compareSequenceNumbers(sequenceNumberOf(record), retryFrom) >= 0).length;
}

function sequenceNumberOf({ dynamodb }: DynamoDBRecord): string {
  return dynamodb?.SequenceNumber ?? "";
}

/** Returns the records to replicate. Adds the others to the outcome as rejected or as permanent failures. */
function replicableRecords(
  { region, now }: ReplicationContext,
  records: readonly DynamoDBRecord[],
  outcome: Outcome,
): ReplicableRecord[] {
  const { permanentFailures, rejectedReasons } = outcome;
  const replicable: ReplicableRecord[] = [];
  for (const record of records) {
    const reading = readStreamRecord(record, region);
    if (reading.kind === "replicate")
      recordClockSkew(outcome, millisecondsAhead(reading.record.version, now()));
    if (reading.kind === "rejected") rejectedReasons.push(reading.reason);
    else if (reading.kind === "malformed")
      permanentFailures.push({ record, reason: { error: "MalformedRecord", message: reading.reason } });
    else if (reading.kind === "replicate" && isTooFarAhead(reading.record.version, now()))
      permanentFailures.push({ record, reason: TOO_FAR_AHEAD });
    else if (reading.kind === "replicate") replicable.push(reading.record);
  }
  return replicable;
}

const TOO_FAR_AHEAD: QuarantineReason = {
  error: "VersionTooFarAhead",
  message: `The version is more than ${MAXIMUM_AHEAD_MS / 60_000} minutes ahead of this region's clock.`,
};

/**
 * Applies the newest record of an item. If it can never be applied, applies the next older one in its place, so that the other
 * region is as current as possible. Starts nothing more after a transient failure, because the stream delivers the records again.
 */
async function replicateItem(
  context: ReplicationContext,
  item: ItemRecords,
  outcome: Outcome,
): Promise<void> {
  for (const [index, { record, image, version }] of item.entries()) {
    // The older records must be delivered again with the newest, so that one of them can take its place.
    const retryFrom = lowest(item.slice(index).map(({ sequenceNumber }) => sequenceNumber));
    if (outcome.error) return void outcome.failed.push(retryFrom);
    try {
      const applied = await applyWrite(context, image);
      return countApplied(outcome, item.slice(index), applied, -millisecondsAhead(version, context.now()));
    } catch (error) {
      if (!isPermanent(error)) return recordFailure(outcome, retryFrom, error);
      const { name, message } = error as Error;
      outcome.permanentFailures.push({ record, reason: { error: name, message } });
    }
  }
}

/**
 * Quarantines the records that can never be applied, except those that the stream delivers again because an earlier record
 * failed: each retry would quarantine them once more while the other region is unavailable. Starts nothing more after a failure.
 */
async function quarantinePermanentFailures(
  { quarantine }: ReplicationContext,
  outcome: Outcome,
): Promise<void> {
  const inOrder = [...outcome.permanentFailures].sort((left, right) =>
    compareSequenceNumbers(sequenceNumberOf(left.record), sequenceNumberOf(right.record)),
  );
  for (const failure of inOrder) {
    const sequenceNumber = sequenceNumberOf(failure.record);
    const { failed } = outcome;
    if (failed.length > 0 && compareSequenceNumbers(sequenceNumber, lowest(failed)) >= 0) return;
    try {
      const place = await quarantine.add(failure.record, failure.reason);
      outcome.quarantined.push({ ...failure, place });
    } catch (error) {
      recordFailure(outcome, sequenceNumber, error);
    }
  }
}

/** Calls of this region. */
const LIMITS = { connectionTimeout: 2000, requestTimeout: 3000, maxAttempts: 3 };

/**
 * Calls of the other region: one attempt of two seconds, several times what a healthy distant region takes. While that region does not answer,
 * an invocation lasts one attempt, because nothing more starts after a failure, and the stream delivers its records again. Longer ones would hold
 * executions that this region's API needs: see docs/adr/0025-replication-concurrency.md. The client sends a command again only after a quick failure.
 */
const TARGET_LIMITS = { connectionTimeout: 2000, requestTimeout: 2000, maxAttempts: 1 };

/** Callback factory of the replication function. */
export function replicate(): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  waitForDistantConnections();
  const region = environmentVariable("AWS_REGION");
  const targetRegion = environmentVariable("TARGET_REGION");
  const functionName = environmentVariable("AWS_LAMBDA_FUNCTION_NAME");
  const there = repeatingQuickFailures(dynamoDB(targetRegion, TARGET_LIMITS));
  const context: ReplicationContext = {
    region,
    target: targetTable(there, environmentVariable("TARGET_TABLE_NAME")),
    conflicts: conflictLog(
      conflictTable(there, environmentVariable("TARGET_CONFLICT_TABLE_NAME")),
      conflictTable(dynamoDB(region, LIMITS), environmentVariable("CONFLICT_TABLE_NAME")),
    ),
    quarantine: quarantineIn(
      region,
      {
        queue: toQueue(region, environmentVariable("QUARANTINE_QUEUE_URL")),
        bucket: toBucket(region, environmentVariable("FAILURE_BUCKET_NAME")),
      },
      () => Date.now(),
    ),
    now: () => Date.now(),
    measure: (figures) =>
      writeMetrics(batchMetrics({ functionName, sourceRegion: region, targetRegion }, figures, Date.now())),
  };
  return (event) => replicateBatch(context, event.Records ?? []);
}
