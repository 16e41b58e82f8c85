import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import type { Image } from "../shared/image";
import { sendConditionalWrite } from "../shared/uncertain-write";
import { reportMalformed } from "./malformed-items";
import { foundItem, imageOf } from "./stored-ticket";
import { FoundItem, isMalformed, StoredTicket } from "./ticket";

/** Ticket table of a region. */
export interface TicketTable {
  /** Reads an item with strong consistency. */
  get(id: string): Promise<FoundItem | undefined>;
  /**
   * Writes an item if the stored item has not changed since it was read. Keeps unknown attributes of a ticket; a tombstone replaces the
   * whole item.
   * @param read the item that was read; undefined if there was none.
   * @returns false if another write came first and nothing was written; undefined if that write may be this item, because an attempt to
   * write it got no response.
   * @throws an error for which `mayBeSaved` is true if the item may be written.
   */
  put(item: StoredTicket, read: FoundItem | undefined): Promise<boolean | undefined>;
}

/** Opens the ticket table that the environment of the function names, in the region of the function. */
export function ticketTable(): TicketTable {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const { commands, client } = dynamoDB(environmentVariable("AWS_REGION"), limits);
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
        return sendConditionalWrite(client, new commands.PutItemCommand(put));
      }
      const update = {
        TableName,
        Key: { id: { S: item.id } },
        ...updateOf(Item, condition),
        ConditionExpression: stored ? ConditionExpression : `attribute_exists(id) AND ${ConditionExpression}`,
      };
      return sendConditionalWrite(client, new commands.UpdateItemCommand(update));
    },
  };
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
