import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Ticket } from "../functions/tickets/ticket";
import type { Ledger, Refusal } from "./ledger";

/**
 * Asserts that what clients were told is true: a key made one ticket, of the body that was sent with it, a write with
 * If-Match was made over the version that it names, and neither was refused when it had been done; however often and
 * wherever the requests were repeated.
 * @throws AssertionError that says which promise was broken.
 */
export function assertAnswersTrue(ledger: Ledger): void {
  assertOneTicketForEachKey(ledger);
  assertMadeAsAsked(ledger);
  assertOverWhatIfMatchNames(ledger);
  for (const refusal of ledger.refusals)
    assert.ok(!wasDone(refusal, ledger), "A request must not be refused when it was done already.");
}

/** Whether what a region had read, when it refused a request as not fitting, is what the request asks for. */
function wasDone({ request, status, read }: Refusal, ledger: Ledger): boolean {
  if (!read) return false;
  const made = ledger.beginningOf(read.id, read.version)?.request.body;
  if (status === 422) return isDeepStrictEqual(made, request.body);
  const written = ledger.writesOf(read.id).find(({ version }) => version === read.version);
  if (status !== 412 || written?.parent !== request.version) return false;
  if (request.what === "delete" || read.deleted) return request.what === "delete" && read.deleted === true;
  const asked = Object.entries(request.body ?? {});
  return asked.every(([field, value]) => read[field as keyof Ticket] === value);
}

function assertOneTicketForEachKey({ clientWrites }: Ledger): void {
  const idOfKey = new Map<string, string>();
  for (const { id, request } of clientWrites) {
    if (request.key === undefined) continue;
    assert.equal(idOfKey.get(request.key) ?? id, id, "A key must make one ticket.");
    idOfKey.set(request.key, id);
  }
}

function assertMadeAsAsked(ledger: Ledger): void {
  for (const { request, ticket } of ledger.answers) {
    if (request.what !== "create" || !ticket) continue;
    const made = ledger.beginningOf(ticket.id, ticket.version)?.request.body;
    assert.deepEqual(made, request.body, "A client must be given a ticket that was made of what it sent.");
  }
}

function assertOverWhatIfMatchNames(ledger: Ledger): void {
  for (const { request, parent } of ledger.clientWrites)
    if (request.version !== undefined)
      assert.equal(parent, request.version, "A write must be made over the version that If-Match names.");
  for (const { request, ticket } of ledger.answers) {
    const { id, version } = request;
    if (version === undefined || !id || !ticket || ticket.version === version) continue;
    const answered = ledger.writesOf(id).find((write) => write.version === ticket.version);
    assert.equal(
      answered?.parent,
      version,
      "An answer must be of a write over the version that If-Match names.",
    );
  }
}
