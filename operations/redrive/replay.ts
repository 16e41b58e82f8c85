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
import type { ApplyImage } from "../reconcile/apply";

import { findSettlement, idIn, type ItemReader, readableVersion } from "./settlement";
import type { Summary } from "./summary";

/** What is known of a redrive besides its records, for the lines that tell what was removed. */
export interface Audit {
  readonly stack: string;
  /** Who runs it. */
  readonly by: string;
  /** Why records that fail for good are discarded; undefined when they are kept. */
  readonly discard: string | undefined;
  readonly print: (line: string) => void;
}

/** What replaying records needs. */
export interface ReplayContext {
  /** AWS code of the region whose stream gave the records. */
  readonly sourceCode: string;
  /** Brings an item to the other region by the rule of replication; in a dry run it only says what that would do. */
  readonly apply: ApplyImage;
  /** The tables of both regions. */
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

/** A record that was not applied, or what holds none. */
export interface UnappliedRecord {
  /**
   * `settled`: nothing can come of it any more. `failing`: it fails for good, and goes only when somebody discards it.
   * `unsure`: it stays, because another run may find it otherwise.
   */
  readonly kind: "settled" | "failing" | "unsure";
  /** Names the message or object that holds it. */
  readonly where: string;
  /** The key of its item; undefined for what holds no record. */
  readonly id: string | undefined;
  readonly reason: string;
  /** Whether its version could be compared with those of the regions. */
  readonly isComparable: boolean;
  readonly content: DynamoDBRecord | string;
}

/** What became of a record. `done`: the other region is now as new as the record. */
export type Outcome = { readonly kind: "done" } | UnappliedRecord;

/** The longest part of a key that is shown, in characters. */
const MAXIMUM_KEY = 64;

/** Why a record cannot be applied, and whether that passes by itself before long. */
interface Refusal {
  readonly reason: string;
  readonly passes?: true;
  /** Whether its item may not cross regions: what the regions hold under its key settles nothing. */
  readonly mayNotCross?: true;
}

/**
 * Replays a record through the rule of replication, and looks whether one that cannot be applied is settled.
 * @param where names the message or object that holds it.
 * @throws AWS's error when the other region cannot be written now: that says nothing about the record.
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

/** What becomes of a message or object that holds no record. */
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
    // The key was not written by the application, and may be any text.
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

/** @returns why the record cannot be applied; undefined when it was, or is stale. */
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

/** A record whose time comes within this, in milliseconds, is waited for; nobody discards it meanwhile. */
const MAXIMUM_WAIT_MS = 24 * 60 * 60 * 1000;

/** It is later than when AWS's clock saw the record: a slow clock of this machine must not make a good record look wrong. */
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
