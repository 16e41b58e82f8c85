import { apiHandler, ApiHandler, ApiRequest, Operation } from "../api";
import { cursorAfter, positionOfCursor } from "./cursor";
import { isListSortKey } from "./listing";
import { ticketTable, TicketTable } from "./table";
import { Status, STATUSES, TicketItem, toTicket } from "./ticket";

/** Where a page ends; the next one begins with the ticket behind it. */
export type ListPosition = Pick<TicketItem, "listSortKey">;

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
 * more. Each status is one query of an index; their answers are merged, so a page reads at most three pages of it.
 */
export function listTicketsOperation(table: Pick<TicketTable, "newest">): Operation {
  return async ({ query }) => {
    const { statuses, assignee, limit, before } = listingOf(query);
    const found = await Promise.all(
      statuses.map((status) => table.newest({ status, assignee }, before, limit + 1)),
    );
    const merged = newestFirst(found.flat());
    const page = merged.slice(0, limit);
    const cursor = merged.length > limit ? cursorBehind(page[page.length - 1]) : undefined;
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
  const before = cursor === undefined ? undefined : positionOfCursor<ListPosition>(cursor, isListPosition);
  const statuses = status === undefined ? STATUSES : [status];
  return { statuses, assignee, limit, before: before?.listSortKey };
}

/** The cursor of the page that begins behind a ticket. */
export function cursorBehind({ listSortKey }: ListPosition): string {
  return cursorAfter({ listSortKey });
}

function isListPosition({ listSortKey }: Partial<Record<keyof ListPosition, unknown>>): boolean {
  return isListSortKey(listSortKey);
}

/** The callback factory of `GET /tickets`. */
export function listTickets(): ApiHandler {
  return apiHandler("listTickets", listTicketsOperation(ticketTable()));
}
