import { apiHandler, ApiHandler, Operation } from "../http/api";
import { environmentVariable } from "../shared/environment";
import { etagHeader, expectMatch, Precondition, precondition } from "./etag";
import { invalidRequest } from "../http/problem";
import { ticketNotFound } from "./get";
import { listingAttributesOf } from "./listing-attributes";
import { ticketTable } from "./table";
import { imageOf, storedTicket } from "./stored-ticket";
import { isLive, isMalformed, MalformedItem, TicketChanges, TicketItem, toTicket } from "./ticket";
import { withTrimmedTexts, withDerivedStatus } from "./field-rules";
import { readThenWrite, stamp, WriteContext } from "./writes";

/**
 * `PATCH /tickets/{id}`: 200 with the ticket as it is now; an edit that changes nothing writes nothing. With If-Match, 412
 * unless the ticket has one of its ETags, or the same edit was made over one of them already. An edit of a malformed item
 * succeeds when the result is a well-formed ticket.
 */
export function updateTicketOperation(context: WriteContext): Operation {
  return async ({ pathParameters, headers, body }) => {
    const id = pathParameters.id as string;
    const asked = withTrimmedTexts(body as TicketChanges);
    const condition = precondition(headers["if-match"]);
    const ticket = await readThenWrite<TicketItem>(context, id, (read) => {
      if (isMalformed(read)) return corrected(context, read, asked, condition);
      if (!isLive(read)) throw ticketNotFound(id, read);
      const changes = withDerivedStatus(asked, read);
      const isDone = !changesAnything(read, changes);
      if (isDone && condition.isWrittenOverMatch(read)) return { result: read };
      expectMatch(condition, read);
      expectPastConflict(changes, read);
      if (isDone) return { result: read };
      const write = edited(context, read, changes);
      return { write, result: write };
    });
    return { status: 200, body: toTicket(ticket), headers: etagHeader(ticket) };
  };
}

function edited(context: WriteContext, read: TicketItem, changes: TicketChanges): TicketItem {
  const ticket = { ...read, ...changes, updatedAt: new Date(context.now()).toISOString() };
  return { ...ticket, ...listingAttributesOf(ticket), ...stamp(context, read) };
}

/**
 * The well-formed ticket that an edit makes of a malformed item.
 * @throws Problem 404 when the result is malformed too, 412 when If-Match was sent: a malformed item has no ETag.
 */
function corrected(
  context: WriteContext,
  found: MalformedItem,
  changes: TicketChanges,
  condition: Precondition,
): { readonly write: TicketItem; readonly result: TicketItem } {
  const { id, readable } = found;
  const updatedAt = new Date(context.now()).toISOString();
  const ticket = { ...readable, ...withDerivedStatus(changes, readable), id, updatedAt };
  const write = { ...ticket, ...listingAttributesOf(ticket), ...stamp(context, found) } as TicketItem;
  const isCorrected = found.malformed.every((name) => name in write);
  if (!isCorrected || !storedTicket(imageOf(write))) throw ticketNotFound(id, found);
  expectMatch(condition, found);
  return { write, result: write };
}

/** A write that lost is older than the ticket. A newer one noted as settled would hide conflicts that are still to come. */
function expectPastConflict({ resolvedConflict }: TicketChanges, { version }: TicketItem): void {
  if (resolvedConflict === undefined || resolvedConflict < version) return;
  const detail = `Must be the losingVersion of a conflict of this ticket, which is older than the version ${version} of the ticket.`;
  throw invalidRequest([{ field: "resolvedConflict", detail }]);
}

function changesAnything(ticket: TicketItem, changes: TicketChanges): boolean {
  return Object.entries(changes).some(([field, value]) => ticket[field as keyof TicketChanges] !== value);
}

/** The callback factory of `PATCH /tickets/{id}`. */
export function updateTicket(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "updateTicket",
    updateTicketOperation({ table: ticketTable(), region, now: () => Date.now() }),
  );
}
