import { documentDynamoDB } from "../aws";
import { environmentVariable } from "../environment";
import { isTicketId } from "./ids";
import { assigneeStatus, isListSortKey } from "./listing";
import { firstItems } from "./query";
import type { Status, StoredTicket, TicketItem } from "./ticket";
import { isWritten } from "../conditional-write";

/** The sparse index that lists the tickets of a status by time of creation. */
export const STATUS_INDEX = "byStatus";
/** The sparse index that lists the tickets of a status and an assignee by time of creation. */
export const ASSIGNEE_INDEX = "byAssignee";

/** Which tickets are listed. */
export interface TicketFilter {
  readonly status: Status;
  /** Exactly as stored; empty for those that nobody has, undefined for all. */
  readonly assignee?: string;
}

/** A region's ticket table, as the API's functions use it. */
export interface TicketTable {
  /** What is stored under an id, read consistently. */
  get(id: string): Promise<StoredTicket | undefined>;
  /**
   * Writes an item if what is stored still is what the writer read.
   * @param read the version that the writer read; undefined when nothing was stored.
   * @returns false when another write came first; nothing is written then.
   */
  put(item: StoredTicket, read: string | undefined): Promise<boolean>;
  /**
   * The newest tickets of a status, and of an assignee if one is given. Items under an id that is no ticket's, which no
   * other operation takes, are left out.
   * @param before only tickets with a smaller sort key; undefined for the newest of all.
   * @param limit how many at most.
   */
  newest(filter: TicketFilter, before: string | undefined, limit: number): Promise<TicketItem[]>;
}

/** The table that the function's environment names, in the function's own region. */
export function ticketTable(): TicketTable {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = documentDynamoDB(environmentVariable("AWS_REGION"), limits);
  const { commands, client } = database;
  const TableName = environmentVariable("TABLE_NAME");

  return {
    async get(id) {
      const { Item } = await client.send(
        new commands.GetCommand({ TableName, Key: { id }, ConsistentRead: true }),
      );
      return Item as StoredTicket | undefined;
    },

    async put(item, read) {
      const condition =
        read !== undefined
          ? { ConditionExpression: "#version = :read", ExpressionAttributeValues: { ":read": read } }
          : { ConditionExpression: "attribute_not_exists(#version)" };
      const ExpressionAttributeNames = { "#version": "version" };
      return isWritten(
        client.send(
          new commands.PutCommand({ TableName, Item: item, ...condition, ExpressionAttributeNames }),
        ),
      );
    },

    async newest({ status, assignee }, before, limit) {
      const [IndexName, hashKey, hashValue] =
        assignee === undefined
          ? [STATUS_INDEX, "status", status]
          : [ASSIGNEE_INDEX, "assigneeStatus", assigneeStatus(status, assignee)];
      return firstItems<TicketItem>(
        database,
        {
          TableName,
          IndexName,
          KeyConditionExpression: before ? "#hash = :hash AND listSortKey < :before" : "#hash = :hash",
          ExpressionAttributeNames: { "#hash": hashKey },
          ExpressionAttributeValues: { ":hash": hashValue, ...(before && { ":before": before }) },
          ScanIndexForward: false,
        },
        limit,
        isListed,
      );
    },
  };
}

/** Somebody may have written anything into the table by hand. */
function isListed({ id, listSortKey }: TicketItem): boolean {
  return isTicketId(id) && isListSortKey(listSortKey);
}
