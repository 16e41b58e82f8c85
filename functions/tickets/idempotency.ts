import { problem } from "../http/problem";
import type { TicketFields } from "./ticket-attributes";

/** Values derived from an idempotency key, its caller and the body of the request. */
export interface IdempotentRequest {
  /** Ticket id. Equal for the same key and caller in every region. */
  readonly id: string;
  /** Hash of caller and body. Distinguishes a repeated request from another request with the same key. */
  readonly fingerprint: string;
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** Number of hexadecimal digits of the random part and of the time of a ULID. */
const [RANDOM_DIGITS, TIME_DIGITS] = [20, 12];

/**
 * Derives the ticket id and the fingerprint of a request. The id is a hash of key and caller (as in UUID version 5). A repeated
 * request therefore finds its own ticket in every region, without a call to the other region or a store of keys.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @param key with a ULID or a UUID version 7, the id contains the time of the key; otherwise its time is arbitrary.
 * @param fields checked body with defaults.
 */
export function idempotentRequest(key: string, caller: string, fields: TicketFields): IdempotentRequest {
  const digest = sha256(JSON.stringify([caller, key]));
  const time = timeOf(key) ?? digest.slice(RANDOM_DIGITS, RANDOM_DIGITS + TIME_DIGITS);
  const inOrder = Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    id: ulidOf(time + digest.slice(0, RANDOM_DIGITS)),
    fingerprint: sha256(JSON.stringify([caller, inOrder])),
  };
}

/**
 * Checks that the same request created the stored ticket.
 * @param stored fingerprint of the stored ticket.
 * @throws Problem 422 if another request with the same key created it.
 */
export function expectSameRequest({ fingerprint }: IdempotentRequest, stored: string | undefined): void {
  if (stored === fingerprint) return;
  throw problem(
    422,
    "Idempotency key already used",
    "This Idempotency-Key was used with another body. Nothing was written. Use a new key for a new ticket.",
  );
}

/** Returns the 48-bit time of a key in hexadecimal digits; undefined if the key has none. */
function timeOf(key: string): string | undefined {
  const uuid = UUID_V7.exec(key);
  if (uuid) return (uuid[1] + uuid[2]).toLowerCase();
  if (!ULID.test(key)) return undefined;
  return ulids().decodeTime(key).toString(16).padStart(TIME_DIGITS, "0");
}

function ulidOf(hexadecimal: string): string {
  const uuid = hexadecimal.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return ulids().uuidToULID(uuid);
}

/** Loads the package from the archive of `POST /tickets`. Only a plain require keeps its name (an import becomes a deep path). */
function ulids(): typeof import("ulid") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("ulid") as typeof import("ulid");
}

function sha256(text: string): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createHash } = require("node:crypto") as typeof import("node:crypto");
  return createHash("sha256").update(text).digest("hex");
}
