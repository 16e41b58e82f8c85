import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { apiHandler, ApiHandler, ApiRequest, Operation } from "../http/api";
import { sortKeyOf, ticketCursor } from "./cursor";
import type { TicketLists } from "./lists";
import { shardedLists } from "./sharded-lists";
import { toTicket } from "./ticket";
import { Status, STATUSES } from "./ticket-attributes";
import { unshardedLists } from "./unsharded-lists";

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
 * If the list has many malformed items, a page can be short or empty and still have a cursor.
 */
export function listTicketsOperation(lists: TicketLists): Operation {
  return async ({ query }) => {
    const { statuses, assignee, limit, before } = listingOf(query);
    const { items, stoppedAt } = await lists.newest({ statuses, assignee }, before, limit + 1);
    const page = items.slice(0, limit);
    const last = items.length > limit ? page[page.length - 1].listSortKey : stoppedAt;
    const cursor = last === undefined ? undefined : ticketCursor(last);
    return { status: 200, body: { tickets: page.map(toTicket), cursor } };
  };
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

/** Opens the lists of the table that the environment of the function names, in the region of the function. */
function ticketLists(): TicketLists {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = dynamoDB(environmentVariable("AWS_REGION"), limits);
  // Absent for all other values of `listIndexes`.
  const isAdding = process.env.LIST_INDEXES === "adding";
  return (isAdding ? unshardedLists : shardedLists)(database, environmentVariable("TABLE_NAME"));
}

/** Callback factory of `GET /tickets`. */
export function listTickets(): ApiHandler {
  return apiHandler("listTickets", listTicketsOperation(ticketLists()));
}
