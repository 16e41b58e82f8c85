import type { TicketItem } from "./ticket";
import type { Status } from "./ticket-attributes";

/** Number of skipped items after which a listing stops, so that a request does not time out. */
export const MAXIMUM_SKIPPED = 500;

/** Filter of a listing. */
export interface TicketFilter {
  /** At least one. */
  readonly statuses: readonly Status[];
  /** Exact match; empty for unassigned tickets, undefined for all. */
  readonly assignee?: string;
}

/** Result of a listing. */
export interface FoundTickets {
  readonly items: TicketItem[];
  /** Sort key after which the listing continues; only if it stopped because it had skipped too many items. */
  readonly stoppedAt?: string;
}

/** Lists of the tickets of a region. */
export interface TicketLists {
  /**
   * Returns the newest tickets of a filter, newest first. Skips other items, and counts those with a ticket id as malformed.
   * @param before upper bound (exclusive) of the sort key; undefined for the newest tickets.
   * @param limit maximum number of tickets.
   */
  newest(filter: TicketFilter, before: string | undefined, limit: number): Promise<FoundTickets>;
}
