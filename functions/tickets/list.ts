import { apiHandler, ApiHandler, ApiRequest, Operation } from "../http/api";
import { sortKeyOf, ticketCursor } from "./cursor";
import { ticketTable, TicketTable } from "./table";
import { TicketItem, toTicket } from "./ticket";
import { Status, STATUSES } from "./ticket-attributes";

/** The parameters of a listing. */
interface Listing {
  readonly statuses: readonly Status[];
  readonly assignee: string | undefined;
  readonly limit: number;
  /** Only tickets behind this place. */
  readonly before: string | undefined;
}

/**
 * `GET /tickets?status=&assignee=&limit=&cursor=`: 200 with a page of tickets, newest first, and a cursor when there are
 * more. Each status is one query of an index; their answers are merged, so a page reads at most three pages of it. A page
 * may be short, or empty, and still have a cursor, when an index holds many items that are not well-formed tickets.
 */
export function listTicketsOperation(table: Pick<TicketTable, "newest">): Operation {
  return async ({ query }) => {
    const { statuses, assignee, limit, before } = listingOf(query);
    const found = await Promise.all(
      statuses.map((status) => table.newest({ status, assignee }, before, limit + 1)),
    );
    // Behind the place where one of the queries stopped, it may have tickets that belong before those of the others.
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
  // A ticket whose status changes between two queries can be found by both: the newer version counts.
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

/** The callback factory of `GET /tickets`. */
export function listTickets(): ApiHandler {
  return apiHandler("listTickets", listTicketsOperation(ticketTable()));
}
