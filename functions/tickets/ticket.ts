import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { components } from "../openapi/schema";
import type { ReplicationAttributes } from "../replication/attributes";

import { TICKET_FIELDS, TicketFields } from "./ticket-attributes";

/** What is stored with a ticket for its lists alone; it follows from the ticket. A tombstone has none. */
export interface ListingAttributes {
  /** The place in every list: `<createdAt>#<id>`. */
  readonly listSortKey: string;
  /** The hash key of `byAssignee`: `<status>#<assignee>`. */
  readonly assigneeStatus: string;
}

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

/** What the application stores under a ticket's id. */
export type StoredTicket = TicketItem | Tombstone;

/** An item under a ticket's id that is neither a ticket nor a tombstone; only a write past the API makes one. */
export interface MalformedItem extends Pick<ReplicationAttributes, "version" | "origin" | "seen"> {
  readonly id: string;
  readonly deleted?: undefined;
  /** Names of the malformed attributes. */
  readonly malformed: readonly string[];
  /** One sentence per malformed attribute. None contains a value. */
  readonly faults: readonly string[];
  /** The attributes of a ticket that are well-formed. */
  readonly readable: Partial<TicketItem>;
  /** The version as stored, whatever its type; undefined when there is none. */
  readonly storedVersion: AttributeValue | undefined;
}

/** What can be found under a ticket's id. */
export type FoundItem = StoredTicket | MalformedItem;

/** Whether something found is a ticket that readers may see. */
export function isLive(found: FoundItem | undefined): found is TicketItem {
  return found !== undefined && !found.deleted && !isMalformed(found);
}

/** Whether something found is an item that cannot be read as a ticket or a tombstone. */
export function isMalformed(found: FoundItem | undefined): found is MalformedItem {
  return found !== undefined && "faults" in found;
}

/** The ticket without what only replication needs. */
export function toTicket(item: TicketItem): Ticket {
  const { id, createdBy, createdAt, updatedAt, version, origin, resolvedConflict } = item;
  const fields = Object.fromEntries(TICKET_FIELDS.map((field) => [field, item[field]])) as TicketFields;
  const settled = resolvedConflict !== undefined && { resolvedConflict };
  return { id, ...fields, createdBy, createdAt, updatedAt, version, origin, ...settled };
}
