import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Ticket, Tombstone } from "../functions/tickets/ticket";
import type { Ledger, Refusal } from "./ledger";

const HOUR_MS = 60 * 60 * 1000;
/** Shortest time for which a tombstone exists after every successful delete, in milliseconds. */
const DELETED_MS = 29 * 24 * HOUR_MS;
/** Maximum change of a clock and duration of a request, in milliseconds. */
const INACCURACY_MS = HOUR_MS;

/**
 * Asserts the promises of the API to clients, however often and wherever they repeat requests:
 * - An idempotency key creates a single ticket, from the body that was sent with it.
 * - A write with If-Match replaces the version that it names.
 * - Neither is rejected within a day after it was applied.
 * - A delete leaves a tombstone that outlives every older write, also if the ticket was deleted before.
 * @throws AssertionError that names the broken promise.
 */
export function assertClientPromises(ledger: Ledger): void {
  assertOneTicketForEachKey(ledger);
  assertCreatedFromBody(ledger);
  assertIfMatchVersionReplaced(ledger);
  assertStaysDeleted(ledger);
  for (const refusal of ledger.refusals)
    assert.ok(!wasApplied(refusal, ledger), "A request may not be rejected after it was applied.");
}

/** Returns whether the item that a region had read, when it rejected a request, is the result of that request. */
function wasApplied({ request, status, read, time }: Refusal, ledger: Ledger): boolean {
  if (!read) return false;
  const created = ledger.creationOf(read.id, read.version)?.request.body;
  if (status === 422) return isDeepStrictEqual(created, request.body);
  const written = ledger.writesOf(read.id).find(({ version }) => version === read.version);
  if (status !== 412 || written?.parent !== request.version) return false;
  if (read.deleted) return request.what === "delete" && expiresAfter(read, time + DELETED_MS + INACCURACY_MS);
  if (request.what === "delete") return false;
  const requested = Object.entries(request.body ?? {});
  return requested.every(([field, value]) => read[field as keyof Ticket] === value);
}

function assertStaysDeleted({ answers }: Ledger): void {
  for (const { request, item, time } of answers)
    if (request.what === "delete")
      assert.ok(
        item?.deleted && expiresAfter(item, time + DELETED_MS - INACCURACY_MS),
        "A successful delete must leave a tombstone for at least 29 days.",
      );
}

function expiresAfter({ expiresAt }: Tombstone, time: number): boolean {
  return expiresAt * 1000 > time;
}

function assertOneTicketForEachKey({ clientWrites }: Ledger): void {
  const idOfKey = new Map<string, string>();
  for (const { id, request } of clientWrites) {
    if (request.key === undefined) continue;
    assert.equal(idOfKey.get(request.key) ?? id, id, "An idempotency key must create a single ticket.");
    idOfKey.set(request.key, id);
  }
}

function assertCreatedFromBody(ledger: Ledger): void {
  for (const { request, ticket } of ledger.answers) {
    if (request.what !== "create" || !ticket) continue;
    const created = ledger.creationOf(ticket.id, ticket.version)?.request.body;
    assert.deepEqual(
      created,
      request.body,
      "A client must receive a ticket that was created from its request.",
    );
  }
}

function assertIfMatchVersionReplaced(ledger: Ledger): void {
  for (const { request, parent } of ledger.clientWrites)
    if (request.version !== undefined)
      assert.equal(parent, request.version, "A write must replace the version that If-Match names.");
  for (const { request, ticket } of ledger.answers) {
    const { id, version } = request;
    if (version === undefined || !id || !ticket || ticket.version === version) continue;
    const answered = ledger.writesOf(id).find((write) => write.version === ticket.version);
    assert.equal(
      answered?.parent,
      version,
      "A response must contain a write that replaced the version that If-Match names.",
    );
  }
}
