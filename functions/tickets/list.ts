import { apiHandler, ApiHandler, Operation } from "../api";
import { cursorAfter, idOfCursor } from "./cursor";
import { FieldError, invalidRequest } from "../problem";
import { ticketTable, TicketTable } from "./table";
import { Status, STATUSES, TicketItem, toTicket } from "./ticket";

const DEFAULT_LIMIT = 25;
const MAXIMUM_LIMIT = 100;
const PARAMETERS = ["status", "limit", "cursor"];

/** The parameters of a listing. */
interface Listing {
  readonly statuses: readonly Status[];
  readonly limit: number;
  /** Only tickets with a smaller id. */
  readonly before: string | undefined;
}

/**
 * `GET /tickets?status=&limit=&cursor=`: 200 with a page of tickets, newest first, and a cursor when there are more.
 * Each status is one query of the index; their answers are merged by id, so a page reads at most three pages of it.
 */
export function listTicketsOperation(table: Pick<TicketTable, "newest">): Operation {
  return async ({ query }) => {
    const { statuses, limit, before } = listingOf(query);
    const found = await Promise.all(statuses.map((status) => table.newest(status, before, limit + 1)));
    const merged = newestFirst(found.flat());
    const page = merged.slice(0, limit);
    const cursor = merged.length > limit ? cursorAfter(page[page.length - 1].id) : undefined;
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
  return [...byId.values()].sort((left, right) => (left.id < right.id ? 1 : -1));
}

function listingOf(query: Readonly<Record<string, string | undefined>>): Listing {
  const errors: FieldError[] = Object.keys(query)
    .filter((name) => !PARAMETERS.includes(name))
    .map((field) => ({
      field,
      detail: `There is no such parameter; the parameters are ${PARAMETERS.join(", ")}.`,
    }));
  const { status, limit, cursor } = query;
  if (status !== undefined && !isStatus(status))
    errors.push({ field: "status", detail: `Must be one of ${STATUSES.join(", ")}; leave it out for all.` });
  if (
    limit !== undefined &&
    !(/^\d{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MAXIMUM_LIMIT)
  )
    errors.push({ field: "limit", detail: `Must be a whole number from 1 to ${MAXIMUM_LIMIT}.` });
  if (errors.length > 0) throw invalidRequest(errors);
  return {
    statuses: status === undefined ? STATUSES : [status as Status],
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    before: cursor === undefined ? undefined : idOfCursor(cursor),
  };
}

function isStatus(value: string): value is Status {
  return (STATUSES as readonly string[]).includes(value);
}

/** The callback factory of `GET /tickets`. */
export function listTickets(): ApiHandler {
  return apiHandler(listTicketsOperation(ticketTable()));
}
