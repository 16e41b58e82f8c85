import { listConflicts } from "../../../functions/tickets/list-conflicts";
import { createTicket } from "../../../functions/tickets/create";
import { deleteTicket } from "../../../functions/tickets/delete";
import { getTicket } from "../../../functions/tickets/get";
import { listTickets } from "../../../functions/tickets/list";
import { listRecentConflicts } from "../../../functions/tickets/list-recent-conflicts";
import { updateTicket } from "../../../functions/tickets/update";
import { httpEvent, invoke, rawQueryOf } from "../../../testing/api-calls";

type Response = ReturnType<typeof invoke>;
type Headers = Readonly<Record<string, string>>;

const JSON_TYPE = { "content-type": "application/json" };

/** Real handlers of the ticket API after one cold start. */
export interface TicketApi {
  create(ticket: object, headers?: Headers): Response;
  get(id: string, headers?: Headers): Response;
  update(id: string, changes: object, headers?: Headers): Response;
  delete(id: string, headers?: Headers): Response;
  conflicts(id: string): Response;
  recentConflicts(query?: Record<string, string>): Response;
  list(query?: Record<string, string>): Response;
}

/** Creates the handlers with their callback factories. The environment must name the table. */
export function ticketApi(): TicketApi {
  const handlers = {
    create: createTicket(),
    get: getTicket(),
    update: updateTicket(),
    delete: deleteTicket(),
    list: listTickets(),
  };
  const one = (method: string, id: string, more: Headers = {}, body?: string): ReturnType<typeof httpEvent> =>
    httpEvent(method, `/tickets/${id}`, { pathParameters: { id }, headers: { ...JSON_TYPE, ...more }, body });
  return {
    create: (ticket, headers) =>
      invoke(
        handlers.create,
        httpEvent("POST", "/tickets", {
          headers: { ...JSON_TYPE, ...headers },
          body: JSON.stringify(ticket),
        }),
      ),
    get: (id, headers) => invoke(handlers.get, one("GET", id, headers)),
    update: (id, changes, headers) =>
      invoke(handlers.update, one("PATCH", id, headers, JSON.stringify(changes))),
    delete: (id, headers) => invoke(handlers.delete, one("DELETE", id, headers)),
    conflicts: (id) =>
      invoke(listConflicts(), httpEvent("GET", `/tickets/${id}/conflicts`, { pathParameters: { id } })),
    recentConflicts: (query) =>
      invoke(listRecentConflicts(), httpEvent("GET", "/conflicts", { rawQueryString: rawQueryOf(query) })),
    list: (query) =>
      invoke(handlers.list, httpEvent("GET", "/tickets", { rawQueryString: rawQueryOf(query) })),
  };
}
