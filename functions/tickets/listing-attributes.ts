import { assigneeShard, shardOf, statusShard } from "./list-indexes";
import { isTicketId } from "./ticket-id";
import type { ListingAttributes, Ticket } from "./ticket";
import { Status, STATUSES } from "./ticket-attributes";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SORT_KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#(.*)$/;

/** Names of the listing attributes. */
export const LISTING_ATTRIBUTES = ["listSortKey", "assigneeStatus", "statusShard", "assigneeShard"] as const;

/** Returns the listing attributes of a ticket. Every write of a ticket stores them. */
export function listingAttributes({
  id,
  createdAt,
  status,
  assignee,
}: Pick<Ticket, "id" | "createdAt" | "status" | "assignee">): ListingAttributes {
  const shard = shardOf(id);
  return {
    listSortKey: `${createdAt}#${id}`,
    assigneeStatus: assigneeStatus(status, assignee),
    statusShard: statusShard(status, shard),
    assigneeShard: assigneeShard(status, assignee, shard),
  };
}

/** Returns the hash key of `byAssignee` for a status and an assignee; the assignee is empty for unassigned tickets. */
export function assigneeStatus(status: Status, assignee: string): string {
  return `${status}#${assignee}`;
}

/** Whether a value is a sort key of a ticket in the listing indexes. */
export function isListSortKey(value: unknown): value is string {
  return typeof value === "string" && isTicketId(SORT_KEY.exec(value)?.[1]);
}

/**
 * Converts a time to ISO 8601 with milliseconds in UTC, whose text order is the order in time. Returns undefined for a value that
 * is not a time in the years 0000 to 9999.
 */
export function sortableTime(value: unknown): string | undefined {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isNaN(time)) return undefined;
  const text = new Date(time).toISOString();
  return TIME.test(text) ? text : undefined;
}

/**
 * Returns the listing attributes of an item that was possibly not written by the API, or written before these attributes existed.
 * Returns undefined for an item that is not a ticket. Such an item is in no list.
 */
export function listingAttributesOf(
  item: Readonly<Partial<Record<keyof Ticket, unknown>>>,
): ListingAttributes | undefined {
  const { id, status, assignee = "" } = item;
  // A time that was written by hand can have another format, which would sort incorrectly.
  const createdAt = sortableTime(item.createdAt);
  const isStatus = (STATUSES as readonly unknown[]).includes(status);
  if (!isTicketId(id) || createdAt === undefined || !isStatus || typeof assignee !== "string")
    return undefined;
  return listingAttributes({ id, createdAt, status: status as Status, assignee });
}
