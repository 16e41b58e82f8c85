import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { components } from "../openapi/schema";
import type { ReplicationAttributes } from "../replication/attributes";
import { TICKET_FIELDS, TicketFields } from "./ticket-attributes";

/** Attributes that the listing indexes need. They follow from the ticket. A tombstone has none. */
export interface ListingAttributes {
  /** Sort key of the listing indexes: `<createdAt>#<id>`. */
  readonly listSortKey: string;
  /** Hash key of `byAssignee`: `<status>#<assignee>`. */
  readonly assigneeStatus: string;
  /** Hash key of `byStatusShard`: `<status>#<shard>`. */
  readonly statusShard: string;
  /** Hash key of `byAssigneeShard`: `<status>#<assignee>#<shard>`. */
  readonly assigneeShard: string;
}

/** Changes that a client sends. */
export type TicketChanges = components["schemas"]["TicketChanges"];

/** Ticket as the API returns it. */
export type Ticket = components["schemas"]["Ticket"];

/** Stored ticket. */
export interface TicketItem
  extends Ticket, ListingAttributes, Omit<ReplicationAttributes, "deleted" | "expiresAt"> {
  readonly deleted?: undefined;
  /** Fingerprint of the request that created the ticket with an idempotency key; see `idempotency.ts`. */
  readonly idempotencyFingerprint?: string;
}

/** Record of a delete. It has no listing attributes, so it is in no list. */
export interface Tombstone extends ReplicationAttributes {
  readonly id: string;
  readonly deleted: true;
  readonly expiresAt: number;
}

/** Item that the application stores under a ticket id. */
export type StoredTicket = TicketItem | Tombstone;

/** Item under a ticket id that is neither a ticket nor a tombstone. Only a write that bypasses the API creates one. */
export interface MalformedItem extends Pick<ReplicationAttributes, "version" | "origin" | "seen"> {
  readonly id: string;
  readonly deleted?: undefined;
  /** Names of the malformed attributes. */
  readonly malformed: readonly string[];
  /** One sentence per malformed attribute. None contains a value. */
  readonly faults: readonly string[];
  /** Well-formed attributes of the ticket. */
  readonly readable: Partial<TicketItem>;
  /** Stored version of any type; undefined if there is none. */
  readonly storedVersion: AttributeValue | undefined;
}

/** Item that a read of a ticket id can return. */
export type FoundItem = StoredTicket | MalformedItem;

/** Whether an item is a ticket that the API returns. */
export function isLive(found: FoundItem | undefined): found is TicketItem {
  return found !== undefined && !found.deleted && !isMalformed(found);
}

/** Whether an item is neither a ticket nor a tombstone. */
export function isMalformed(found: FoundItem | undefined): found is MalformedItem {
  return found !== undefined && "faults" in found;
}

/** Returns a ticket as the API returns it, without replication and listing attributes. */
export function toTicket(item: TicketItem): Ticket {
  const { id, createdBy, createdAt, updatedAt, version, origin, resolvedConflict } = item;
  const fields = Object.fromEntries(TICKET_FIELDS.map((field) => [field, item[field]])) as TicketFields;
  const settled = resolvedConflict !== undefined && { resolvedConflict };
  return { id, ...fields, createdBy, createdAt, updatedAt, version, origin, ...settled };
}
