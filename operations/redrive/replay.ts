import type { DynamoDBRecord } from "aws-lambda";
import { isPermanent } from "../../functions/replication/failure";
import { readStreamRecord } from "../../functions/replication/stream-record";
import { TOMBSTONE_SECONDS } from "../../functions/tickets/delete";
import { isTooFarAhead, MAXIMUM_AHEAD_MS, millisecondsAhead } from "../../functions/replication/version";
import { reasonOf } from "../cannot-run";
import type { ApplyImage } from "../rule";
import { addFailure, type Summary } from "./summary";

/** What replaying records needs. */
export interface ReplayContext {
  /** AWS code of the region whose stream gave the records. */
  readonly sourceCode: string;
  /** Brings an item to the other region by the rule of replication; in a dry run it only says what that would do. */
  readonly apply: ApplyImage;
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly summary: Summary;
  /** Called after every record. */
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

/**
 * Replays a record through the rule of replication.
 * @param where names the message or object that holds it.
 * @returns whether the other region is now as new as the record, so that the record can go.
 * @throws AWS's error when the other region cannot be written now: that says nothing about the record.
 */
export async function replay(
  record: DynamoDBRecord,
  where: string,
  context: ReplayContext,
): Promise<boolean> {
  const { summary } = context;
  const refusal = await tryReplay(record, context);
  if (refusal !== undefined) {
    const id = record.dynamodb?.Keys?.id?.S ?? record.dynamodb?.NewImage?.id?.S ?? "a record";
    addFailure(summary, `${where}: ${id}: ${refusal}`);
  }
  context.onProgress();
  return refusal === undefined;
}

/** @returns why the record cannot be applied; undefined when it was, or is stale. */
async function tryReplay(record: DynamoDBRecord, context: ReplayContext): Promise<string | undefined> {
  const { sourceCode, apply, now, summary } = context;
  const reading = readStreamRecord(record, sourceCode);
  if (reading.kind === "malformed") return reading.reason;
  if (reading.kind === "stay")
    return "It was not written in this region, so it does not belong to the other one.";
  if (isTooFarAhead(reading.record.version, now())) return TOO_FAR_AHEAD;
  if (-millisecondsAhead(reading.record.version, now()) > TOMBSTONE_SECONDS * 1000) return TOO_OLD;
  try {
    const { result, conflict } = await apply(reading.record.image);
    summary[result]++;
    if (conflict) summary.conflicts++;
    return undefined;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return reasonOf(error);
  }
}

const TOO_OLD =
  "It is older than tombstones are kept: a delete after it may be forgotten, and it would bring the ticket back. Reconcile instead.";
const TOO_FAR_AHEAD = `The version is more than ${MAXIMUM_AHEAD_MS / 60_000} minutes ahead of this machine's clock.`;
