import type { DynamoDBRecord } from "aws-lambda";
import { isPermanent } from "../../functions/replication/failure";
import { readStreamRecord } from "../../functions/replication/stream-record";
import { TOMBSTONE_SECONDS } from "../../functions/tickets/delete";
import {
  isTooFarAhead,
  MAXIMUM_AHEAD_MS,
  millisecondsAhead,
  type Version,
} from "../../functions/replication/version";
import { printable } from "../../shared/printable";
import { reasonOf } from "../../command-line/command-error";
import type { ApplyImage } from "../reconcile/apply-image";

import { findSettlement, idIn, type ItemReader, readableVersion } from "./settlement";
import type { Summary } from "./summary";

/** Details of a run for the audit lines of removed records. */
export interface Audit {
  readonly stack: string;
  /** Operator. */
  readonly by: string;
  /** Reason for discarding records that can never be applied; undefined to keep them. */
  readonly discard: string | undefined;
  readonly print: (line: string) => void;
}

/** Dependencies and options of a replay. */
export interface ReplayContext {
  /** AWS code of the region of the stream. */
  readonly sourceCode: string;
  /** Applies an item to the other region under the apply rule of replication; a dry run only reports the result. */
  readonly apply: ApplyImage;
  /** Tables of both regions. */
  readonly tables: readonly [ItemReader, ItemReader];
  readonly dryRun: boolean;
  readonly audit: Audit;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly summary: Summary;
  /** Called after every record. */
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

/** Record that was not applied, or a message or object without a record. */
export interface UnappliedRecord {
  /**
   * `settled`: not needed any more. `failing`: can never be applied, and is removed only by `--discard`.
   * `unsure`: kept, because a later run may have another result.
   */
  readonly kind: "settled" | "failing" | "unsure";
  /** Message or object that contains it. */
  readonly where: string;
  /** Key of its item; undefined without a record. */
  readonly id: string | undefined;
  readonly reason: string;
  /** Whether its version can be compared with the versions in the regions. */
  readonly isComparable: boolean;
  readonly content: DynamoDBRecord | string;
}

/** Outcome of a record. `done`: the other region now has this version or a newer one. */
export type Outcome = { readonly kind: "done" } | UnappliedRecord;

/** Maximum printed length of a key, in characters. */
const MAXIMUM_KEY = 64;

/** Reason why a record cannot be applied. */
interface Refusal {
  readonly reason: string;
  /** Whether a later run can apply it without a change. */
  readonly passes?: true;
  /** Whether its item may not cross regions. The items in the regions then do not settle it. */
  readonly mayNotCross?: true;
}

/**
 * Replays a record under the apply rule of replication, and checks whether a record that cannot be applied is settled.
 * @param where message or object that contains it.
 * @throws the AWS error if the other region is unavailable, which is not caused by the record.
 */
export async function replay(
  record: DynamoDBRecord,
  where: string,
  context: ReplayContext,
): Promise<Outcome> {
  const refusal = await tryReplay(record, context);
  const outcome: Outcome = refusal
    ? await checkSettlement(record, refusal, where, context)
    : { kind: "done" };
  context.onProgress();
  return outcome;
}

/** Returns the outcome of a message or object without a record. */
export function notReplayable(content: string, where: string, reason: string): UnappliedRecord {
  return { kind: "failing", where, id: undefined, reason, isComparable: false, content };
}

async function checkSettlement(
  record: DynamoDBRecord,
  { reason, passes, mayNotCross }: Refusal,
  where: string,
  { tables, now, summary }: ReplayContext,
): Promise<UnappliedRecord> {
  if (mayNotCross) {
    summary.rejected++;
    // The application did not write the key, so it may be any text.
    const id = printable(idIn(record) ?? "a record", MAXIMUM_KEY);
    const why = `${reason} To remove the record, use --discard.`;
    return { kind: "failing", where, id, reason: why, isComparable: false, content: record };
  }
  const settlement = await findSettlement(record, tables, now());
  const isComparable = readableVersion(record) !== undefined;
  const common = { where, id: idIn(record) ?? "a record", isComparable, content: record };
  if (settlement.kind === "settled") return { ...common, kind: "settled", reason: settlement.reason };
  const kind = passes || settlement.kind === "unknown" ? "unsure" : "failing";
  return { ...common, kind, reason: passes ? reason : `${reason} ${settlement.reason}` };
}

/** Applies a record. @returns the reason why it cannot be applied; undefined if it was applied or is stale. */
async function tryReplay(record: DynamoDBRecord, context: ReplayContext): Promise<Refusal | undefined> {
  const { sourceCode, apply, now, summary } = context;
  const reading = readStreamRecord(record, sourceCode);
  if (reading.kind === "malformed") return reading;
  if (reading.kind === "rejected") return { reason: reading.reason, mayNotCross: true };
  if (reading.kind === "stay")
    return { reason: "It was not written in this region, so it must not be replicated from here." };
  const { version, image } = reading.record;
  const ahead = tooFarAhead(version, record, now());
  if (ahead) return ahead;
  if (-millisecondsAhead(version, now()) > TOMBSTONE_SECONDS * 1000) return { reason: TOO_OLD };
  try {
    const { result, conflict } = await apply(image);
    summary[result]++;
    if (conflict) summary.conflicts++;
    return undefined;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { reason: asSentence(reasonOf(error)) };
  }
}

/** A record whose version becomes acceptable within this time is kept, even with `--discard`. */
const MAXIMUM_WAIT_MS = 24 * 60 * 60 * 1000;

/** Compares with the later of this machine's clock and the stream's timestamp, because the clock of this machine may be slow. */
function tooFarAhead(version: Version, { dynamodb }: DynamoDBRecord, clock: number): Refusal | undefined {
  const now = Math.max(clock, (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000);
  if (!isTooFarAhead(version, now)) return undefined;
  const from = version.milliseconds - MAXIMUM_AHEAD_MS;
  const reason =
    `The version is more than ${MAXIMUM_AHEAD_MS / 60_000} minutes ahead of this machine's clock; ` +
    `it can be applied from ${new Date(from).toISOString()}.`;
  return from - now <= MAXIMUM_WAIT_MS ? { reason, passes: true } : { reason };
}

const TOO_OLD =
  "It is older than the retention of tombstones: a later delete may have expired, and the record would restore a deleted ticket.";

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
