import type { AttributeValue, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../shared/aws";

/** What a query found. */
export interface QueryResult<T> {
  readonly items: T[];
  /** The key behind which the query continues, when it stopped because it had skipped too many items. */
  readonly stoppedAt?: Readonly<Record<string, AttributeValue>>;
}

/**
 * The first items of a query, in its order. DynamoDB returns at most a megabyte at once, and skipped items take the place
 * of others, so the query continues until there are enough items, or no more, or too many were skipped.
 * @param limit how many at most.
 * @param read gives the item of an image, or undefined to skip it.
 * @param maximumSkipped stops the query when more items than this were skipped; never by default.
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
    // As many more as were skipped, so that a long run of skipped items takes few queries.
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
