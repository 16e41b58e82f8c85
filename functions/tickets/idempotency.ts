import { problem } from "../http/problem";
import type { TicketFields } from "./ticket-attributes";

/** What an idempotency key makes of a request to create a ticket. */
export interface IdempotentRequest {
  /** The ticket's id: the same for the same key and caller, in every region. */
  readonly id: string;
  /** Tells whether two requests with the same key ask for the same. */
  readonly fingerprint: string;
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** Hexadecimal digits of a ULID's random bits and of its time. */
const [RANDOM_DIGITS, TIME_DIGITS] = [20, 12];

/**
 * What a key makes of a request. The id is a name of key and caller (as in a UUID of version 5), so no region needs to ask
 * another, or a store of keys, what a key was used for: a request that is sent again meets its own ticket.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @param key a ULID or a UUID of version 7 gives the id its time; the time of other ids says nothing.
 * @param fields the checked body, with its defaults.
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
 * Makes sure that a ticket was made by the same request.
 * @param stored the fingerprint of the ticket under the request's id.
 * @throws Problem 422 when it was made by another one with the same key.
 */
export function expectSameRequest({ fingerprint }: IdempotentRequest, stored: string | undefined): void {
  if (stored === fingerprint) return;
  throw problem(
    422,
    "Idempotency key already used",
    "This Idempotency-Key was used with another body. Nothing was written. Use a new key for a new ticket.",
  );
}

/** The 48 bits of a key's time, in hexadecimal digits; undefined when it has none. */
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

/** The package ships in the archive of `POST /tickets`; a plain require keeps its name as it is there. */
function ulids(): typeof import("ulid") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("ulid") as typeof import("ulid");
}

function sha256(text: string): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createHash } = require("node:crypto") as typeof import("node:crypto");
  return createHash("sha256").update(text).digest("hex");
}
