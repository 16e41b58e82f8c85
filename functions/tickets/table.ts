import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { isWritten } from "../shared/conditional-write";
import type { Image } from "../shared/image";
import { isTicketId } from "./ticket-id";
import { assigneeStatus, isListSortKey } from "./listing-attributes";
import { Malformed, reportMalformed } from "./malformed-items";
import { firstItems } from "./query";
import { foundItem, imageOf } from "./stored-ticket";
import { FoundItem, isLive, isMalformed, StoredTicket, TicketItem } from "./ticket";
import type { Status } from "./ticket-attributes";

/** Sparse index of the tickets by status and time of creation. */
export const STATUS_INDEX = "byStatus";
/** Sparse index of the tickets by status, assignee and time of creation. */
export const ASSIGNEE_INDEX = "byAssignee";

/** Number of skipped items after which a listing stops, so that a request does not time out. */
const MAXIMUM_SKIPPED = 500;

/** Filter of a listing. */
export interface TicketFilter {
  readonly status: Status;
  /** Exact match; empty for unassigned tickets, undefined for all. */
  readonly assignee?: string;
}

/** Result of a listing. */
export interface FoundTickets {
  readonly items: TicketItem[];
  /** Sort key after which the listing continues; only if it stopped because it had skipped too many items. */
  readonly stoppedAt?: string;
}

/** Ticket table of a region. */
export interface TicketTable {
  /** Reads an item with strong consistency. */
  get(id: string): Promise<FoundItem | undefined>;
  /**
   * Writes an item if the stored item has not changed since it was read. Keeps unknown attributes of a ticket; a tombstone replaces the
   * whole item.
   * @param read the item that was read; undefined if there was none.
   * @returns false if another write came first; nothing is written then.
   */
  put(item: StoredTicket, read: FoundItem | undefined): Promise<boolean>;
  /**
   * Returns the newest tickets of a filter. Skips other items, and counts those with a ticket id as malformed.
   * @param before upper bound (exclusive) of the sort key; undefined for the newest tickets.
   * @param limit maximum number of tickets.
   */
  newest(filter: TicketFilter, before: string | undefined, limit: number): Promise<FoundTickets>;
}

/** Opens the ticket table that the environment of the function names, in the region of the function. */
export function ticketTable(): TicketTable {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = dynamoDB(environmentVariable("AWS_REGION"), limits);
  const { commands, client } = database;
  const TableName = environmentVariable("TABLE_NAME");

  return {
    async get(id) {
      const { Item } = await client.send(
        new commands.GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }),
      );
      const found = Item && foundItem(Item);
      if (isMalformed(found)) reportMalformed([found]);
      return found;
    },

    async put(item, read) {
      const Item = imageOf(item);
      const stored = read && versionAsStored(read);
      const ConditionExpression = versionCondition(stored);
      const condition = {
        ...(stored && {
          ExpressionAttributeValues: { ":read": stored.S !== undefined ? stored : { S: "S" } },
        }),
        ExpressionAttributeNames: { "#version": "version" },
      };
      if (!read || item.deleted) {
        const put = { TableName, Item, ConditionExpression, ...condition };
        return isWritten(client.send(new commands.PutItemCommand(put)));
      }
      const update = {
        TableName,
        Key: { id: { S: item.id } },
        ...updateOf(Item, condition),
        ConditionExpression: stored ? ConditionExpression : `attribute_exists(id) AND ${ConditionExpression}`,
      };
      return isWritten(client.send(new commands.UpdateItemCommand(update)));
    },

    async newest({ status, assignee }, before, limit) {
      const [IndexName, hashKey, hashValue] =
        assignee === undefined
          ? [STATUS_INDEX, "status", status]
          : [ASSIGNEE_INDEX, "assigneeStatus", assigneeStatus(status, assignee)];
      const malformed: Malformed[] = [];
      const { items, stoppedAt } = await firstItems<TicketItem>(
        database,
        {
          TableName,
          IndexName,
          KeyConditionExpression: before ? "#hash = :hash AND listSortKey < :before" : "#hash = :hash",
          ExpressionAttributeNames: { "#hash": hashKey },
          ExpressionAttributeValues: {
            ":hash": { S: hashValue },
            ...(before && { ":before": { S: before } }),
          },
          ScanIndexForward: false,
        },
        limit,
        (image) => ticketOfEntry(image, malformed),
        MAXIMUM_SKIPPED,
      );
      reportMalformed(malformed);
      return { items, stoppedAt: stoppedAt?.listSortKey.S };
    },
  };
}

/**
 * Returns the ticket of an index entry; undefined for every other item. A sort key with the id of another ticket is malformed: if two
 * tickets had the same sort key, a page that ends there would lose the second.
 */
function ticketOfEntry(image: Image, malformed: Malformed[]): TicketItem | undefined {
  const found = foundItem(image);
  if (!isTicketId(found.id)) return undefined;
  if (isMalformed(found)) malformed.push(found);
  if (!isLive(found)) return undefined;
  const { id, listSortKey } = found;
  if (isListSortKey(listSortKey) && listSortKey.endsWith(`#${id}`)) return found;
  malformed.push({ id, faults: ["listSortKey must be the sort key of this ticket."] });
  return undefined;
}

/** Returns the condition that an item still has the version that was read. Every write stores a version that is a string. */
function versionCondition(stored: Image[string] | undefined): string {
  if (!stored) return "attribute_not_exists(#version)";
  if (stored.S !== undefined) return "#version = :read";
  return "attribute_exists(#version) AND NOT attribute_type(#version, :read)";
}

function versionAsStored(read: FoundItem): Image[string] | undefined {
  if (isMalformed(read)) return read.storedVersion;
  return { S: read.version };
}

/** Returns an update that sets the attributes of an item and keeps all others. */
function updateOf(
  item: Image,
  condition: {
    readonly ExpressionAttributeNames: Record<string, string>;
    readonly ExpressionAttributeValues?: Image;
  },
): {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Image;
} {
  const names = Object.keys(item).filter((name) => name !== "id");
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
    ExpressionAttributeNames: {
      ...condition.ExpressionAttributeNames,
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ...condition.ExpressionAttributeValues,
      ...Object.fromEntries(names.map((name) => [`:${name}`, item[name]])),
    },
  };
}
