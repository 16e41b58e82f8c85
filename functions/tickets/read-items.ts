import type { KeysAndAttributes } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../shared/aws";
import type { Image } from "../shared/image";
import { pause } from "../shared/pause";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const MAXIMUM_KEYS = 100;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 25;

/**
 * Reads items with eventual consistency.
 * @param ids at most 100, without repetition.
 * @returns the existing items by id.
 * @throws Error named `ProvisionedThroughputExceededException` if DynamoDB repeatedly leaves keys unprocessed.
 */
export async function readItems(
  { commands, client }: DynamoDB,
  TableName: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Image>> {
  const found = new Map<string, Image>();
  if (ids.length === 0) return found;
  let asked: KeysAndAttributes | undefined = { Keys: ids.map((id) => ({ id: { S: id } })) };
  for (let attempt = 0; asked?.Keys?.length; attempt++) {
    if (attempt === ATTEMPTS) throw unprocessed(TableName);
    if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** attempt * Math.random());
    const RequestItems: Record<string, KeysAndAttributes> = { [TableName]: asked };
    const response = await client.send(new commands.BatchGetItemCommand({ RequestItems }));
    for (const image of response.Responses?.[TableName] ?? []) found.set(image.id.S as string, image);
    asked = response.UnprocessedKeys?.[TableName];
  }
  return found;
}

function unprocessed(table: string): Error {
  const error = new Error(
    `The table ${table} left keys of a batch unprocessed in each of ${ATTEMPTS} attempts.`,
  );
  return Object.assign(error, { name: "ProvisionedThroughputExceededException", $metadata: {} });
}
