import { apiHandler, ApiHandler, ApiRequest, Operation } from "../http/api";
import { sortKeyOf, ticketCursor } from "./cursor";
import { ticketTable, TicketTable } from "./table";
import { TicketItem, toTicket } from "./ticket";
import { Status, STATUSES } from "./ticket-attributes";

/** Parameters of a listing. */
interface Listing {
  readonly statuses: readonly Status[];
  readonly assignee: string | undefined;
  readonly limit: number;
  /** Sort key after which the page begins; undefined for the first page. */
  readonly before: string | undefined;
}

/**
 * `GET /tickets?status=&assignee=&limit=&cursor=`. Returns 200 with a page of tickets, newest first, and a cursor if there are more.
 * Queries an index once per status and merges the results, so a page costs at most three index pages. If the index has many malformed
 * items, a page can be short or empty and still have a cursor.
 */
export function listTicketsOperation(table: Pick<TicketTable, "newest">): Operation {
  return async ({ query }) => {
    const { statuses, assignee, limit, before } = listingOf(query);
    const found = await Promise.all(
      statuses.map((status) => table.newest({ status, assignee }, before, limit + 1)),
    );
    // A query that stopped early can have more tickets after its stop, so the page ends at the first stop.
    const stop = found.reduce((latest, { stoppedAt = "" }) => (latest > stoppedAt ? latest : stoppedAt), "");
    const merged = newestFirst(found.flatMap(({ items }) => items));
    const whole = merged.filter(({ listSortKey }) => listSortKey >= stop);
    const page = whole.slice(0, limit);
    const last = whole.length > limit ? page[page.length - 1].listSortKey : stop;
    const cursor = last === "" ? undefined : ticketCursor(last);
    return { status: 200, body: { tickets: page.map(toTicket), cursor } };
  };
}

function newestFirst(items: readonly TicketItem[]): TicketItem[] {
  // Two queries can both return a ticket whose status changes between them. The newer version counts.
  const byId = new Map<string, TicketItem>();
  for (const item of items) {
    const other = byId.get(item.id);
    if (!other || other.version < item.version) byId.set(item.id, item);
  }
  return [...byId.values()].sort((left, right) => (left.listSortKey < right.listSortKey ? 1 : -1));
}

function listingOf(query: ApiRequest["query"]): Listing {
  const { status, assignee, limit, cursor } = query as {
    status?: Status;
    assignee?: string;
    limit: number;
    cursor?: string;
  };
  const before = cursor === undefined ? undefined : sortKeyOf(cursor);
  const statuses = status === undefined ? STATUSES : [status];
  return { statuses, assignee, limit, before };
}

/** Callback factory of `GET /tickets`. */
export function listTickets(): ApiHandler {
  return apiHandler("listTickets", listTicketsOperation(ticketTable()));
}
