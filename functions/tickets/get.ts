import { apiHandler, ApiHandler, Operation } from "../http/api";
import { problem, Problem } from "../http/problem";
import { etagHeader, matchesNone } from "./etag";
import { ticketTable, TicketTable } from "./table";
import { FoundItem, isLive, isMalformed, toTicket } from "./ticket";

/** The answer for an id under which this region has no ticket, or an item that cannot be read as one. */
export function ticketNotFound(id: string, found: FoundItem | undefined): Problem {
  const detail = isMalformed(found)
    ? `The item ${id} of this region is malformed. ${found.faults.join(" ")} ` +
      "To restore it, correct every malformed attribute with PATCH. To remove it, send DELETE."
    : `This region has no ticket ${id}.`;
  return problem(404, "Ticket not found", detail);
}

/**
 * `GET /tickets/{id}`: 200 with the ticket and its ETag, 304 when it has one of If-None-Match's, 404 when there is none, it
 * was deleted, or the item is malformed.
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

/** The callback factory of `GET /tickets/{id}`. */
export function getTicket(): ApiHandler {
  return apiHandler("getTicket", getTicketOperation(ticketTable()));
}
