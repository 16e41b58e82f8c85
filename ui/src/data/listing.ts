import type { Ticket, TicketFilter } from "./api-types";
import type { TicketApi } from "./ticket-api";

/** Number of tickets that "Load more" adds. */
export const PAGE_SIZE = 25;
/** Maximum `limit` of the API. */
const MAX_LIMIT = 100;

/** Position before the first ticket. */
const BEFORE_FIRST = "\uffff";

/** Part of the listing to read. */
export interface ListingRange {
  readonly filter: TicketFilter;
  /** Number of pages of PAGE_SIZE tickets. */
  readonly pages: number;
}

/** One response of the listing: all tickets between two positions that match the filter, as one region has them. */
export interface ListingPage {
  readonly tickets: readonly Ticket[];
  /** AWS code of the region. */
  readonly region: string;
  /** Position of the last ticket before this page; undefined for the first page. */
  readonly after?: string;
  /** Position of the last ticket of this page; undefined for the last page. */
  readonly to?: string;
}

/** Returns the position of a ticket in the listing. Newer tickets have higher positions. */
export function positionOf({ createdAt, id }: Pick<Ticket, "createdAt" | "id">): string {
  return `${createdAt}#${id}`;
}

/** Returns whether a ticket that matches the filter belongs to a page. */
export function isWithin(ticket: Ticket, { after, to }: Pick<ListingPage, "after" | "to">): boolean {
  const position = positionOf(ticket);
  return (after === undefined || position < after) && (to === undefined || position >= to);
}

/** Returns whether a ticket matches a filter. */
export function matchesFilter(ticket: Ticket, { status, assignee }: TicketFilter): boolean {
  return (
    (status === undefined || ticket.status === status) &&
    (assignee === undefined || ticket.assignee === assignee)
  );
}

/** Reads a part of the listing from the newest ticket on. Always reads it completely, so that it has no gaps. */
export async function readListing(
  api: Pick<TicketApi, "list">,
  { filter, pages }: ListingRange,
): Promise<readonly ListingPage[]> {
  const read: ListingPage[] = [];
  let missing = pages * PAGE_SIZE;
  let cursor: string | undefined;
  do {
    const limit = Math.min(missing, MAX_LIMIT);
    const { value, region } = await api.list(filter, limit, cursor);
    cursor = value.cursor;
    missing -= limit;
    const after = read.at(-1)?.to;
    const last = value.tickets.at(-1);
    // An empty page is not always the last one.
    const end = last ? positionOf(last) : (after ?? BEFORE_FIRST);
    read.push({ tickets: value.tickets, region, after, to: cursor === undefined ? undefined : end });
  } while (missing > 0 && cursor !== undefined);
  return read;
}
