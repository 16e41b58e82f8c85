import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { isWritten } from "../shared/conditional-write";
import type { Image } from "../replication/stream-record";
import { isTicketId } from "./ticket-id";
import { assigneeStatus, isListSortKey } from "./listing-attributes";
import { Malformed, reportMalformed } from "./malformed-items";
import { firstItems } from "./query";
import { foundItem, imageOf } from "./stored-ticket";
import { FoundItem, isLive, isMalformed, StoredTicket, TicketItem } from "./ticket";
import type { Status } from "./ticket-attributes";

/** The sparse index that lists the tickets of a status by time of creation. */
export const STATUS_INDEX = "byStatus";
/** The sparse index that lists the tickets of a status and an assignee by time of creation. */
export const ASSIGNEE_INDEX = "byAssignee";

/** A listing stops once it has skipped more items than this, so that no number of them makes a request time out. */
const MAXIMUM_SKIPPED = 500;

/** Which tickets are listed. */
export interface TicketFilter {
  readonly status: Status;
  /** Exactly as stored; empty for those that nobody has, undefined for all. */
  readonly assignee?: string;
}

/** Tickets of a listing. */
export interface FoundTickets {
  readonly items: TicketItem[];
  /** The sort key behind which the listing continues, when it stopped because it had skipped too many other items. */
  readonly stoppedAt?: string;
}

/** A region's ticket table, as the API's functions use it. */
export interface TicketTable {
  /** What is stored under an id, read consistently. */
  get(id: string): Promise<FoundItem | undefined>;
  /**
   * Writes an item if what is stored still is what the writer read. Attributes of a ticket that the application does not
   * know stay as they are; a tombstone replaces the whole item.
   * @param read what the writer read; undefined when nothing was stored.
   * @returns false when another write came first; nothing is written then.
   */
  put(item: StoredTicket, read: FoundItem | undefined): Promise<boolean>;
  /**
   * The newest tickets of a status, and of an assignee if one is given. Other items are left out; those under a ticket's
   * id are counted as malformed.
   * @param before only tickets with a smaller sort key; undefined for the newest of all.
   * @param limit how many at most.
   */
  newest(filter: TicketFilter, before: string | undefined, limit: number): Promise<FoundTickets>;
}

/** The table that the function's environment names, in the function's own region. */
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
      const ConditionExpression = unchanged(stored);
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
        ...setting(Item, condition),
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
        (image) => listed(image, malformed),
        MAXIMUM_SKIPPED,
      );
      reportMalformed(malformed);
      return { items, stoppedAt: stoppedAt?.listSortKey.S };
    },
  };
}

/**
 * The ticket of an index entry; undefined for every other item. A place that belongs to another ticket counts as
 * malformed: two tickets at one place, and a page that ends there would lose the second.
 */
function listed(image: Image, malformed: Malformed[]): TicketItem | undefined {
  const found = foundItem(image);
  if (!isTicketId(found.id)) return undefined;
  if (isMalformed(found)) malformed.push(found);
  if (!isLive(found)) return undefined;
  const { id, listSortKey } = found;
  if (isListSortKey(listSortKey) && listSortKey.endsWith(`#${id}`)) return found;
  malformed.push({ id, faults: ["listSortKey must be the ticket's own place in the lists."] });
  return undefined;
}

/** The condition that an item still has the version that was read. Every write gives it one that is a string. */
function unchanged(stored: Image[string] | undefined): string {
  if (!stored) return "attribute_not_exists(#version)";
  if (stored.S !== undefined) return "#version = :read";
  return "attribute_exists(#version) AND NOT attribute_type(#version, :read)";
}

function versionAsStored(read: FoundItem): Image[string] | undefined {
  if (isMalformed(read)) return read.storedVersion;
  return { S: read.version };
}

/** An update that sets an item's attributes and touches no other. */
function setting(
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
