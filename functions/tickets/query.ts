import type { QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { documentDynamoDB } from "../aws";

/**
 * The first items of a query, in its order. DynamoDB gives at most a megabyte at once, and those that are not wanted take
 * the place of others, so it is asked until there are enough or no more.
 * @param limit how many at most.
 * @param isWanted which items count; all without it.
 */
export async function firstItems<T>(
  { commands, client }: ReturnType<typeof documentDynamoDB>,
  query: Omit<QueryCommandInput, "Limit">,
  limit: number,
  isWanted: (item: T) => boolean = () => true,
): Promise<T[]> {
  const found: T[] = [];
  let { ExclusiveStartKey } = query;
  do {
    const Limit = limit - found.length;
    const page = await client.send(new commands.QueryCommand({ ...query, Limit, ExclusiveStartKey }));
    found.push(...((page.Items ?? []) as T[]).filter(isWanted));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && found.length < limit);
  return found;
}
