import type * as dynamodb from "@aws-sdk/client-dynamodb";
import type * as documents from "@aws-sdk/lib-dynamodb";
import { printable } from "../../shared/printable";
import type { Image } from "./image";

/** DynamoDB as reserved items are read and written: read in typed form, because any item may hold numbers that JavaScript cannot. */
export interface DocumentDatabase {
  readonly commands: Pick<typeof documents, "PutCommand">;
  readonly raw: Pick<typeof dynamodb, "GetItemCommand" | "PutItemCommand">;
  readonly client: Pick<documents.DynamoDBDocumentClient, "send">;
}

/** The name of the error for a stored item that no part of the application can have written. */
const UNREADABLE_ITEM = "UnreadableItem";

/** An error for a stored item that no part of the application can have written, with that item. */
export interface UnreadableItem extends Error {
  readonly stored: Image;
}

/** The longest part of an item's content and of its key that is shown, in characters. */
const [MAXIMUM_CONTENT, MAXIMUM_KEY] = [1000, 64];

/** Makes the error for an item that cannot be read; its message has the reason and the content, escaped and bounded. */
export function unreadableItem(stored: Image, reason: string): UnreadableItem {
  const id = printable(stored.id?.S ?? "", MAXIMUM_KEY);
  const message = `The item ${id} is not readable: ${reason}. It holds ${contentOf(stored)}`;
  return Object.assign(new Error(message), { name: UNREADABLE_ITEM, stored });
}

/** Whether an error says that a stored item is not readable. */
export function isUnreadable(error: unknown): error is UnreadableItem {
  return error instanceof Error && error.name === UNREADABLE_ITEM && "stored" in error;
}

/** Returns an item in typed form, read consistently; undefined when there is none. */
export async function readStored(
  { raw, client }: Pick<DocumentDatabase, "raw" | "client">,
  TableName: string,
  id: string,
): Promise<Image | undefined> {
  const input = { TableName, Key: { id: { S: id } }, ConsistentRead: true };
  return (await client.send(new raw.GetItemCommand(input))).Item;
}

/**
 * Returns why an item can be none of a region's own reserved items, which have no replication attributes; undefined when nothing
 * speaks against it.
 */
export function replicationProblem(stored: Image): string | undefined {
  const name = ["origin", "version", "seen", "deleted"].find((attribute) => stored[attribute] !== undefined);
  return name && `it has the attribute ${name}, as if it had been replicated`;
}

/** Returns a number attribute as a whole number from 0; undefined for everything else, also what JavaScript cannot hold. */
export function wholeNumberOf(value: Image[string] | undefined): number | undefined {
  const number = value?.N === undefined ? NaN : Number(value.N);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function contentOf(stored: Image): string {
  const text = JSON.stringify(stored, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  );
  return printable(text, MAXIMUM_CONTENT);
}
