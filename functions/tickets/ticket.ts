import type { ReplicationAttributes } from "../replication/attributes";

/** The statuses of a ticket; the listing index has one partition for each. */
export const STATUSES = ["open", "assigned", "closed"] as const;
/** The priorities of a ticket. */
export const PRIORITIES = ["low", "medium", "high"] as const;

export type Status = (typeof STATUSES)[number];
export type Priority = (typeof PRIORITIES)[number];

/** What a client may set on a ticket. Lengths are counted in characters. */
export interface TicketFields {
  /** 1 to 200 characters. */
  readonly subject: string;
  /** Up to 5,000 characters. */
  readonly description: string;
  /** Up to 200 characters. */
  readonly customer: string;
  /** Up to 100 characters; empty when nobody has it. */
  readonly assignee: string;
  readonly priority: Priority;
  readonly status: Status;
}

/** A ticket as the API gives it. */
export interface Ticket extends TicketFields {
  /** A ULID, which sorts by the time of creation. */
  readonly id: string;
  /** The subject of the caller's token; `anonymous` without one. */
  readonly createdBy: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  /** The version of the last write. */
  readonly version: string;
  /** AWS code of the region of the last write. */
  readonly origin: string;
}

/** A ticket as the table holds it. */
export interface TicketItem extends Ticket, Omit<ReplicationAttributes, "deleted" | "expiresAt"> {
  readonly deleted?: undefined;
}

/** The record of a delete. It has no status, so the listing index does not hold it. */
export interface Tombstone extends ReplicationAttributes {
  readonly id: string;
  readonly deleted: true;
  readonly expiresAt: number;
}

/** What can be stored under a ticket's id. */
export type StoredTicket = TicketItem | Tombstone;

/** Whether something stored is a ticket that readers may see. */
export function isLive(stored: StoredTicket | undefined): stored is TicketItem {
  return stored !== undefined && !stored.deleted;
}

/** The ticket without what only replication needs. */
export function toTicket(item: TicketItem): Ticket {
  const { id, subject, description, customer, assignee, priority, status } = item;
  const { createdBy, createdAt, updatedAt, version, origin } = item;
  const fields = { subject, description, customer, assignee, priority, status };
  return { id, ...fields, createdBy, createdAt, updatedAt, version, origin };
}
