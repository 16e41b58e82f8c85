import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { dynamoDB } from "../shared/aws";
import { waitForDistantConnections } from "../shared/distant-connections";
import { environmentVariable } from "../shared/environment";
import { writeMetrics } from "../shared/metrics";
import { ApplyContext, applyWrite } from "./apply";
import { BatchFigures, batchMetrics } from "./batch-metrics";
import { conflictLog, conflictTable } from "./conflict-log";
import { isPermanent } from "./failure";
import { coalesceByItem, ItemRecords } from "./coalesce";
import { forEachBounded } from "./for-each-bounded";
import {
  countApplied,
  recordFailure,
  figuresOf,
  logOutcome,
  lowest,
  recordClockSkew,
  emptyOutcome,
} from "./outcome";
import type { Outcome } from "./outcome";
import { Quarantine, quarantineIn, toBucket, toQueue } from "./quarantine";
import type { QuarantineReason } from "./quarantined-record";
import { readStreamRecord, ReplicableRecord } from "./stream-record";
import { targetTable } from "./target-table";
import { isTooFarAhead, MAXIMUM_AHEAD_MS, millisecondsAhead } from "./version";

/** What replication works with. */
export interface ReplicationContext extends ApplyContext {
  /** AWS code of the region whose stream this is. */
  readonly region: string;
  readonly quarantine: Quarantine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told what became of each batch; absent when nobody measures. */
  readonly measure?: (figures: BatchFigures) => void;
}

/** How many items are written to the other region at the same time. */
const PARALLEL_ITEMS = 16;

/**
 * Brings the writes of a batch of stream records to the other region: the newest of each item, different items in
 * parallel, whatever the order of arrival. Answers with the lowest sequence number that must be tried again; Lambda
 * gives that record and all later ones again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export async function replicateBatch(
  context: ReplicationContext,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const outcome = emptyOutcome();
  const items = coalesceByItem(replicableRecords(context, records, outcome));
  await forEachBounded(items, PARALLEL_ITEMS, (item) => replicateItem(context, item, outcome));
  await quarantineRejected(context, outcome);
  logOutcome(outcome, { records: records.length, items: items.length });
  const again = outcome.failed.length > 0 ? lowest(outcome.failed) : undefined;
  context.measure?.(figuresOf(outcome, countFrom(again, records)));
  return { batchItemFailures: again === undefined ? [] : [{ itemIdentifier: String(again) }] };
}

/** How many records the stream gives again, when it begins at a sequence number. */
function countFrom(again: bigint | undefined, records: readonly DynamoDBRecord[]): number {
  return again === undefined ? 0 : records.filter((record) => sequenceNumberOf(record) >= again).length;
}

function sequenceNumberOf({ dynamodb }: DynamoDBRecord): bigint {
  return BigInt(dynamodb?.SequenceNumber ?? 0);
}

/** Returns the records to replicate; the others are noted as barred from crossing, or rejected into quarantine. */
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
 * Applies an item's newest record. One that can never be applied is rejected, and the next older one is applied in its
 * place, so that the other region is as new as it can be. After a transient failure nothing more is begun: the stream
 * gives it all again.
 */
async function replicateItem(
  context: ReplicationContext,
  item: ItemRecords,
  outcome: Outcome,
): Promise<void> {
  for (const [index, { record, image, version }] of item.entries()) {
    // The older records must come again with the newest, or nothing could take its place.
    const again = lowest(item.slice(index).map(({ sequenceNumber }) => sequenceNumber));
    if (outcome.error) return void outcome.failed.push(again);
    try {
      const applied = await applyWrite(context, image);
      return countApplied(outcome, applied, -millisecondsAhead(version, context.now()));
    } catch (error) {
      if (!isPermanent(error)) return recordFailure(outcome, again, error);
      const { name, message } = error as Error;
      outcome.permanentFailures.push({ record, reason: { error: name, message } });
    }
  }
}

/**
 * Sets the rejected records aside, but not those that the stream gives again because an earlier one failed: they would
 * be in quarantine once for every try, for as long as the other region is away. After a failure nothing more is begun.
 */
async function quarantineRejected({ quarantine }: ReplicationContext, outcome: Outcome): Promise<void> {
  const inOrder = [...outcome.permanentFailures].sort((left, right) =>
    sequenceNumberOf(left.record) < sequenceNumberOf(right.record) ? -1 : 1,
  );
  for (const rejected of inOrder) {
    const sequenceNumber = sequenceNumberOf(rejected.record);
    if (outcome.failed.length > 0 && sequenceNumber >= lowest(outcome.failed)) return;
    try {
      const place = await quarantine.add(rejected.record, rejected.reason);
      outcome.quarantined.push({ ...rejected, place });
    } catch (error) {
      recordFailure(outcome, sequenceNumber, error);
    }
  }
}

const LIMITS = { connectionTimeout: 2000, requestTimeout: 3000, maxAttempts: 3 };

/** The callback factory of the replication function. */
export function replicate(): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  waitForDistantConnections();
  const region = environmentVariable("AWS_REGION");
  const targetRegion = environmentVariable("TARGET_REGION");
  const functionName = environmentVariable("AWS_LAMBDA_FUNCTION_NAME");
  const there = dynamoDB(targetRegion, LIMITS);
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
