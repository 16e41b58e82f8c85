import type * as dynamodb from "@aws-sdk/client-dynamodb";
import type * as documents from "@aws-sdk/lib-dynamodb";
import { printable } from "../../shared/printable";
import type { Image } from "./image";

/** DynamoDB client for reserved items. They are read in typed form, because an item may contain numbers that JavaScript cannot represent. */
export interface DocumentDatabase {
  readonly commands: Pick<typeof documents, "PutCommand">;
  readonly raw: Pick<typeof dynamodb, "BatchGetItemCommand" | "GetItemCommand" | "PutItemCommand">;
  readonly client: Pick<documents.DynamoDBDocumentClient, "send">;
}

/** Name of the error for a stored item that the application cannot have written. */
const UNREADABLE_ITEM = "UnreadableItem";

/** Error for a stored item that the application cannot have written, with that item. */
export interface UnreadableItem extends Error {
  readonly stored: Image;
}

/** Maximum lengths of the displayed content and key of an item, in characters. */
const [MAXIMUM_CONTENT, MAXIMUM_KEY] = [1000, 64];

/** Returns the error for a malformed item. Its message contains the reason and the content, escaped and shortened. */
export function unreadableItem(stored: Image, reason: string): UnreadableItem {
  const id = printable(stored.id?.S ?? "", MAXIMUM_KEY);
  const message = `The item ${id} is malformed: ${reason}. Its content is ${contentOf(stored)}`;
  return Object.assign(new Error(message), { name: UNREADABLE_ITEM, stored });
}

/** Returns whether an error is about a malformed stored item. */
export function isUnreadable(error: unknown): error is UnreadableItem {
  return error instanceof Error && error.name === UNREADABLE_ITEM && "stored" in error;
}

/** Returns an item in typed form, read consistently; undefined if there is none. */
export async function readStored(
  { raw, client }: Pick<DocumentDatabase, "raw" | "client">,
  TableName: string,
  id: string,
): Promise<Image | undefined> {
  const input = { TableName, Key: { id: { S: id } }, ConsistentRead: true };
  return (await client.send(new raw.GetItemCommand(input))).Item;
}

/**
 * Returns the existing items among up to 100 keys by key, in typed form, read consistently with one request.
 * @throws Error if DynamoDB does not return some of them: they must not count as absent.
 */
export async function readAllStored(
  { raw, client }: Pick<DocumentDatabase, "raw" | "client">,
  TableName: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Image>> {
  const request = { Keys: ids.map((id) => ({ id: { S: id } })), ConsistentRead: true };
  const { Responses, UnprocessedKeys } = await client.send(
    new raw.BatchGetItemCommand({ RequestItems: { [TableName]: request } }),
  );
  if (UnprocessedKeys?.[TableName]) throw new Error(`The table ${TableName} throttles reads.`);
  return new Map((Responses?.[TableName] ?? []).map((image) => [image.id?.S ?? "", image]));
}

/** Returns why an item cannot be a local reserved item: those have no replication attributes. Returns undefined if it can. */
export function replicationProblem(stored: Image): string | undefined {
  const name = ["origin", "version", "seen", "deleted"].find((attribute) => stored[attribute] !== undefined);
  return name && `it has the replication attribute ${name}`;
}

/** Returns a number attribute that is a non-negative safe integer; undefined for every other value. */
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
