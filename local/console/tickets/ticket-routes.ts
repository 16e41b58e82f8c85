import { isTicketId } from "../../../functions/tickets/ticket-id";
import { flagIn, type Route, RouteError, wholeNumberIn } from "../http/route";
import type { TicketTables } from "./ticket-tables";

const MAXIMUM_TICKETS = 100;
/** Two ids, of up to 2,048 bytes each, as JSON. */
const MAXIMUM_POSITION = 10_000;

/** Returns the routes of the tickets in both tables. @param tables returns the current tables. */
export function ticketRoutes(tables: () => Pick<TicketTables, "newest" | "deleted" | "detail">): Route[] {
  return [
    {
      path: "/tickets",
      parameters: ["limit", "after", "deleted"],
      get: ({ query }) => {
        const limit = wholeNumberIn(query, "limit", { minimum: 1, maximum: MAXIMUM_TICKETS, otherwise: 20 });
        const after = query.get("after") || undefined;
        if (after !== undefined && after.length > MAXIMUM_POSITION)
          throw new RouteError(400, "after must be the next of a previous page.");
        return flagIn(query, "deleted") ? tables().deleted(after, limit) : tables().newest(after, limit);
      },
    },
    {
      path: "/tickets/{id}",
      get: ({ path }) => {
        if (!isTicketId(path.id))
          throw new RouteError(400, "The id of a ticket has 26 upper-case letters and digits (a ULID).");
        return tables().detail(path.id);
      },
    },
  ];
}
