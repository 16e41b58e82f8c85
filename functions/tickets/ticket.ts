import { components, statusValues } from "../openapi/schema";
import type { ReplicationAttributes } from "../replication/attributes";
import type { ListingAttributes } from "./listing";

/** The statuses of a ticket; `byStatus` has one partition for each. */
export const STATUSES = statusValues;

export type Status = components["schemas"]["Status"];
export type Priority = components["schemas"]["Priority"];

/** What a client may set when it creates a ticket, with the defaults of what it left out. */
export type TicketFields = components["schemas"]["NewTicket"];

/** What a client may change on a ticket. */
export type TicketChanges = components["schemas"]["TicketChanges"];

/** A ticket as the API gives it. */
export type Ticket = components["schemas"]["Ticket"];

/** A ticket as the table holds it. */
export interface TicketItem
  extends Ticket, ListingAttributes, Omit<ReplicationAttributes, "deleted" | "expiresAt"> {
  readonly deleted?: undefined;
  /** Of a ticket that was made with an idempotency key, what it was made of; see `idempotency.ts`. */
  readonly idempotencyFingerprint?: string;
}

/** The record of a delete. It has no listing attributes, so no list holds it. */
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
  const { createdBy, createdAt, updatedAt, version, origin, resolvedConflict } = item;
  const fields = { subject, description, customer, assignee, priority, status };
  const settled = resolvedConflict !== undefined && { resolvedConflict };
  return { id, ...fields, createdBy, createdAt, updatedAt, version, origin, ...settled };
}
