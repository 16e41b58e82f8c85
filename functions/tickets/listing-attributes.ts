import { isTicketId } from "./ticket-id";
import type { ListingAttributes, Ticket } from "./ticket";
import { Status, STATUSES } from "./ticket-attributes";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SORT_KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#(.*)$/;

/** A ticket's listing attributes, for whoever writes one. */
export function listingAttributes({
  id,
  createdAt,
  status,
  assignee,
}: Pick<Ticket, "id" | "createdAt" | "status" | "assignee">): ListingAttributes {
  return { listSortKey: `${createdAt}#${id}`, assigneeStatus: assigneeStatus(status, assignee) };
}

/** The hash key of `byAssignee` for the tickets of a status that somebody has; an empty assignee is nobody. */
export function assigneeStatus(status: Status, assignee: string): string {
  return `${status}#${assignee}`;
}

/** Whether a text is the place of a ticket in the lists. */
export function isListSortKey(value: unknown): value is string {
  return typeof value === "string" && isTicketId(SORT_KEY.exec(value)?.[1]);
}

/**
 * A time in the one form that sorts as it orders, ISO 8601 with milliseconds in UTC; undefined for a value that is not a
 * time of the years 0000 to 9999.
 */
export function sortableTime(value: unknown): string | undefined {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isNaN(time)) return undefined;
  const text = new Date(time).toISOString();
  return TIME.test(text) ? text : undefined;
}

/**
 * The listing attributes of an item that may have been written past the API, or before there were any; undefined when it
 * does not look like a ticket: those are left out of every list.
 */
export function listingAttributesOf(
  item: Readonly<Partial<Record<keyof Ticket, unknown>>>,
): ListingAttributes | undefined {
  const { id, status, assignee = "" } = item;
  // By hand a time may have been written in another form, which would not sort among the others.
  const createdAt = sortableTime(item.createdAt);
  const isStatus = (STATUSES as readonly unknown[]).includes(status);
  if (!isTicketId(id) || createdAt === undefined || !isStatus || typeof assignee !== "string")
    return undefined;
  return listingAttributes({ id, createdAt, status: status as Status, assignee });
}
