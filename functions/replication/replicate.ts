import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { environmentVariable } from "../environment";
import { isPermanent } from "./failure";
import { foldByItem, ItemRecords } from "./fold";
import { forEachBounded } from "./for-each-bounded";
import { Quarantine, quarantineQueue } from "./quarantine";
import { readStreamRecord, ReplicableRecord } from "./stream-record";
import { targetTable, TargetTable } from "./target-table";
import { isTooFarAhead, MAXIMUM_AHEAD_MS } from "./version";

/** What replication works with. */
export interface ReplicationContext {
  /** AWS code of the region whose stream this is. */
  readonly region: string;
  readonly target: TargetTable;
  readonly quarantine: Quarantine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What became of the records of a batch. */
interface Outcome {
  readonly count: { applied: number; stale: number; quarantined: number };
  /** Records that the stream must give again. */
  readonly failed: bigint[];
  /** The first error that made a record fail. */
  error?: Error;
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
  const outcome: Outcome = { count: { applied: 0, stale: 0, quarantined: 0 }, failed: [] };
  const replicable = await sortOut(context, records, outcome);
  const items = foldByItem(replicable);
  await forEachBounded(items, PARALLEL_ITEMS, (item) => replicateItem(context, item, outcome));
  logSummary(records.length, items.length, outcome);
  if (outcome.failed.length === 0) return { batchItemFailures: [] };
  return { batchItemFailures: [{ itemIdentifier: String(lowest(outcome.failed)) }] };
}

/** The records to replicate; those that cannot be are quarantined at once. */
async function sortOut(
  context: ReplicationContext,
  records: readonly DynamoDBRecord[],
  outcome: Outcome,
): Promise<ReplicableRecord[]> {
  const replicable: ReplicableRecord[] = [];
  for (const record of records) {
    const reading = readStreamRecord(record, context.region);
    if (reading.kind === "malformed")
      await setAside(context, record, { name: "MalformedRecord", message: reading.reason }, outcome);
    else if (reading.kind === "replicate" && isTooFarAhead(reading.record.version, context.now()))
      await setAside(context, record, TOO_FAR_AHEAD, outcome);
    else if (reading.kind === "replicate") replicable.push(reading.record);
  }
  return replicable;
}

const TOO_FAR_AHEAD = {
  name: "VersionTooFarAhead",
  message: `The version is more than ${MAXIMUM_AHEAD_MS / 60_000} minutes ahead of this region's clock.`,
};

/**
 * Applies an item's newest record. One that can never be applied is quarantined, and the next older one is applied in
 * its place, so that the other region is as new as it can be. After a transient failure nothing more is begun: the
 * stream gives it all again.
 */
async function replicateItem(
  context: ReplicationContext,
  item: ItemRecords,
  outcome: Outcome,
): Promise<void> {
  for (const [index, { record, image, versionText }] of item.entries()) {
    // The older records must come again with the newest, or nothing could take its place.
    const again = lowest(item.slice(index).map(({ sequenceNumber }) => sequenceNumber));
    if (outcome.error) return void outcome.failed.push(again);
    try {
      outcome.count[await context.target.apply(image, versionText)]++;
      return;
    } catch (error) {
      if (!isPermanent(error)) return fail(again, error, outcome);
      if (!(await setAside(context, record, error as Error, outcome))) return void outcome.failed.push(again);
    }
  }
}

function lowest(sequenceNumbers: readonly bigint[]): bigint {
  return sequenceNumbers.reduce((left, right) => (right < left ? right : left));
}

/** Whether the record is in quarantine; when it could not be put there it has failed. */
async function setAside(
  { quarantine }: ReplicationContext,
  record: DynamoDBRecord,
  { name, message }: { readonly name: string; readonly message: string },
  outcome: Outcome,
): Promise<boolean> {
  try {
    await quarantine.add(record, { error: name, message });
    outcome.count.quarantined++;
    return true;
  } catch (error) {
    fail(BigInt(record.dynamodb?.SequenceNumber ?? 0), error, outcome);
    return false;
  }
}

function fail(sequenceNumber: bigint, error: unknown, outcome: Outcome): void {
  outcome.failed.push(sequenceNumber);
  outcome.error ??= error as Error;
}

function logSummary(records: number, items: number, { count, failed, error }: Outcome): void {
  const level = error ? "WARN" : "INFO";
  const reason = error && { error: error.name, message: error.message };
  console.log(
    JSON.stringify({ level, message: "replicated", records, items, ...count, failed: failed.length, reason }),
  );
}

/** The callback factory of the replication function. */
export function replicate(): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  const region = environmentVariable("AWS_REGION");
  const context: ReplicationContext = {
    region,
    target: targetTable(environmentVariable("TARGET_REGION"), environmentVariable("TARGET_TABLE_NAME")),
    quarantine: quarantineQueue(region, environmentVariable("QUARANTINE_QUEUE_URL")),
    now: () => Date.now(),
  };
  return (event) => replicateBatch(context, event.Records);
}
