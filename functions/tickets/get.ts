import { apiHandler, ApiHandler, Operation } from "../http/api";
import { problem, Problem } from "../http/problem";
import { etagHeader, matchesNone } from "./etag";
import { ticketTable, TicketTable } from "./table";
import { FoundItem, isLive, isMalformed, toTicket } from "./ticket";

/** Returns the 404 of an id without a ticket in this region, or with a malformed item. */
export function ticketNotFound(id: string, found: FoundItem | undefined): Problem {
  const detail = isMalformed(found)
    ? `The item ${id} of this region is malformed. ${found.faults.join(" ")} ` +
      "To restore it, correct every malformed attribute with PATCH. To remove it, send DELETE."
    : `This region has no ticket ${id}.`;
  return problem(404, "Ticket not found", detail);
}

/**
 * `GET /tickets/{id}`. Returns 200 with the ticket and its ETag, 304 if the ticket has an ETag of If-None-Match, and 404 if the
 * ticket does not exist, was deleted, or is malformed.
 */
export function getTicketOperation(table: Pick<TicketTable, "get">): Operation {
  return async ({ pathParameters, headers: { "if-none-match": known } }) => {
    const id = pathParameters.id as string;
    const stored = await table.get(id);
    if (!isLive(stored)) throw ticketNotFound(id, stored);
    const headers = etagHeader(stored);
    return matchesNone(known, stored)
      ? { status: 200, body: toTicket(stored), headers }
      : { status: 304, headers };
  };
}

/** Callback factory of `GET /tickets/{id}`. */
export function getTicket(): ApiHandler {
  return apiHandler("getTicket", getTicketOperation(ticketTable()));
}
