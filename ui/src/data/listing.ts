import type { Ticket, TicketFilter } from "./api-types";
import type { TicketApi } from "./ticket-api";

/** How many tickets "load more" brings. */
export const PAGE_SIZE = 25;
/** The API gives no more at once. */
const MAX_LIMIT = 100;

/** A place above all tickets. */
const BEFORE_FIRST = "\uffff";

/** Which part of the listing is wanted. */
export interface ListingRange {
  readonly filter: TicketFilter;
  /** How many tickets, in pages of PAGE_SIZE. */
  readonly pages: number;
}

/** One answer of the listing: all tickets that match the filter in a stretch of it, as one region has them. */
export interface ListingPage {
  readonly tickets: readonly Ticket[];
  /** AWS code of the region. */
  readonly region: string;
  /** Place of the last ticket before the stretch; undefined at the beginning of the listing. */
  readonly after?: string;
  /** Place of its last ticket; undefined when nothing comes after it. */
  readonly to?: string;
}

/** Where a ticket stands in the listing; the newest ticket has the highest place. */
export function positionOf({ createdAt, id }: Pick<Ticket, "createdAt" | "id">): string {
  return `${createdAt}#${id}`;
}

/** Whether a ticket, if it matches the filter, stands in a stretch. */
export function isWithin(ticket: Ticket, { after, to }: Pick<ListingPage, "after" | "to">): boolean {
  const place = positionOf(ticket);
  return (after === undefined || place < after) && (to === undefined || place >= to);
}

/** Whether a filter shows a ticket. */
export function matchesFilter(ticket: Ticket, { status, assignee }: TicketFilter): boolean {
  return (
    (status === undefined || ticket.status === status) &&
    (assignee === undefined || ticket.assignee === assignee)
  );
}

/** Reads what is wanted, from the newest ticket on. It is read whole, so that it has no gaps. */
export async function readListing(
  api: Pick<TicketApi, "list">,
  { filter, pages }: ListingRange,
): Promise<readonly ListingPage[]> {
  const stretches: ListingPage[] = [];
  let missing = pages * PAGE_SIZE;
  let cursor: string | undefined;
  do {
    const limit = Math.min(missing, MAX_LIMIT);
    const { value, region } = await api.list(filter, limit, cursor);
    cursor = value.cursor;
    missing -= limit;
    const after = stretches.at(-1)?.to;
    const last = value.tickets.at(-1);
    // A page may be empty and still not the last one.
    const end = last ? positionOf(last) : (after ?? BEFORE_FIRST);
    stretches.push({ tickets: value.tickets, region, after, to: cursor === undefined ? undefined : end });
  } while (missing > 0 && cursor !== undefined);
  return stretches;
}
