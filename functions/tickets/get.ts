import { apiHandler, ApiHandler, Operation } from "../api";
import { ticketId } from "./ids";
import { problem, Problem } from "../problem";
import { ticketTable, TicketTable } from "./table";
import { isLive, toTicket } from "./ticket";

/** The answer for an id under which this region has no ticket. */
export function noSuchTicket(id: string): Problem {
  return problem(404, "There is no such ticket", `This region has no ticket ${id}.`);
}

/** `GET /tickets/{id}`: 200 with the ticket, 404 when there is none or it was deleted. */
export function getTicketOperation(table: Pick<TicketTable, "get">): Operation {
  return async ({ pathParameters }) => {
    const id = ticketId(pathParameters);
    const stored = await table.get(id);
    if (!isLive(stored)) throw noSuchTicket(id);
    return { status: 200, body: toTicket(stored) };
  };
}

/** The callback factory of `GET /tickets/{id}`. */
export function getTicket(): ApiHandler {
  return apiHandler(getTicketOperation(ticketTable()));
}
