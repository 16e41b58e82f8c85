import type { AttributeValue, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../shared/aws";

/** Result of a query. */
export interface QueryResult<T> {
  readonly items: T[];
  /** Key after which the query continues; only if it stopped because it had skipped too many items. */
  readonly stoppedAt?: Readonly<Record<string, AttributeValue>>;
}

/**
 * Returns the first items of a query in its order. DynamoDB returns at most 1 MB per call, and skipped items count towards its limit.
 * The query therefore continues until it has enough items, has no more, or has skipped too many.
 * @param limit maximum number of items.
 * @param read converts an image to an item; returns undefined to skip it.
 * @param maximumSkipped number of skipped items after which the query stops; unlimited by default.
 */
export async function firstItems<T>(
  { commands, client }: DynamoDB,
  query: Omit<QueryCommandInput, "Limit">,
  limit: number,
  read: (image: Readonly<Record<string, AttributeValue>>) => T | undefined,
  maximumSkipped = Infinity,
): Promise<QueryResult<T>> {
  const items: T[] = [];
  let skipped = 0;
  let { ExclusiveStartKey } = query;
  do {
    // The limit grows with the number of skipped items, so that many skipped items need few calls.
    const Limit = limit - items.length + skipped;
    const page = await client.send(new commands.QueryCommand({ ...query, Limit, ExclusiveStartKey }));
    for (const image of page.Items ?? []) {
      const item = read(image);
      if (item === undefined) skipped++;
      else items.push(item);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && items.length < limit && skipped <= maximumSkipped);
  if (items.length >= limit || !ExclusiveStartKey) return { items: items.slice(0, limit) };
  return { items, stoppedAt: ExclusiveStartKey };
}
