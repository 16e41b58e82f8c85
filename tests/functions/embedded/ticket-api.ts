import { listConflicts } from "../../../functions/tickets/conflicts";
import { createTicket } from "../../../functions/tickets/create";
import { deleteTicket } from "../../../functions/tickets/delete";
import { getTicket } from "../../../functions/tickets/get";
import { listTickets } from "../../../functions/tickets/list";
import { updateTicket } from "../../../functions/tickets/update";
import { httpEvent, invoke } from "../../support/api-calls";

type Answer = ReturnType<typeof invoke>;

/** The ticket API's real handlers, as one cold start makes them. */
export interface TicketApi {
  create(ticket: object): Answer;
  get(id: string): Answer;
  update(id: string, changes: object): Answer;
  delete(id: string): Answer;
  conflicts(id: string): Answer;
  list(query?: Record<string, string>): Answer;
}

/** Makes the handlers from their factories; the environment must name the table. */
export function ticketApi(): TicketApi {
  const handlers = {
    create: createTicket(),
    get: getTicket(),
    update: updateTicket(),
    delete: deleteTicket(),
    list: listTickets(),
  };
  const one = (method: string, id: string, body?: string): ReturnType<typeof httpEvent> =>
    httpEvent(method, `/tickets/${id}`, { pathParameters: { id }, body });
  return {
    create: (ticket) =>
      invoke(handlers.create, httpEvent("POST", "/tickets", { body: JSON.stringify(ticket) })),
    get: (id) => invoke(handlers.get, one("GET", id)),
    update: (id, changes) => invoke(handlers.update, one("PATCH", id, JSON.stringify(changes))),
    delete: (id) => invoke(handlers.delete, one("DELETE", id)),
    conflicts: (id) =>
      invoke(listConflicts(), httpEvent("GET", `/tickets/${id}/conflicts`, { pathParameters: { id } })),
    list: (queryStringParameters) =>
      invoke(handlers.list, httpEvent("GET", "/tickets", { queryStringParameters })),
  };
}
