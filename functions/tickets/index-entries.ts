import type { AttributeValue, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../shared/aws";
import { forEachBounded } from "../shared/for-each-bounded";

/** Maximum number of parallel queries. A new environment opens a connection for each, and one that starts has little processor time. */
const PARALLEL_QUERIES = 6;

/** Entry of an index that projects keys only. */
export interface IndexEntry {
  readonly id: string;
  /** Of a malformed item, any text. */
  readonly sortKey: string;
}

/** Hash value of an index, with the entries that were read and not yet taken. */
interface Partition {
  readonly hash: string;
  readonly entries: IndexEntry[];
  /** Whether the index has more entries. */
  hasMore: boolean;
  startKey?: Record<string, AttributeValue>;
}

/** Query of one hash value without its values, for {@link newestEntries}. */
export interface EntryQuery {
  readonly TableName: string;
  readonly IndexName: string;
  readonly hashKey: string;
  readonly hashes: readonly string[];
  /** Upper bound (exclusive) of the sort key; undefined for the newest entries. */
  readonly before: string | undefined;
}

/**
 * Returns a function that takes the next entries of several hash values, newest first. Queries all hash values, several in parallel, and again
 * only those whose entries are used up. A query asks for as many entries as are to be taken, because one hash value may have all of them.
 */
export function newestEntries(
  { commands, client }: DynamoDB,
  { TableName, IndexName, hashKey, hashes, before }: EntryQuery,
): (count: number) => Promise<IndexEntry[]> {
  const partitions = hashes.map((hash): Partition => ({ hash, entries: [], hasMore: true }));

  const fill = async (partition: Partition, Limit: number): Promise<void> => {
    const query: QueryCommandInput = {
      TableName,
      IndexName,
      KeyConditionExpression: before ? "#hash = :hash AND listSortKey < :before" : "#hash = :hash",
      ExpressionAttributeNames: { "#hash": hashKey },
      ExpressionAttributeValues: {
        ":hash": { S: partition.hash },
        ...(before && { ":before": { S: before } }),
      },
      ScanIndexForward: false,
      Limit,
      ExclusiveStartKey: partition.startKey,
    };
    const { Items = [], LastEvaluatedKey } = await client.send(new commands.QueryCommand(query));
    partition.entries.push(
      ...Items.map(({ id, listSortKey }) => ({ id: id.S ?? "", sortKey: listSortKey.S ?? "" })),
    );
    partition.startKey = LastEvaluatedKey;
    partition.hasMore = LastEvaluatedKey !== undefined;
  };

  return async (count) => {
    const taken: IndexEntry[] = [];
    while (taken.length < count) {
      const empty = partitions.filter(({ entries, hasMore }) => hasMore && entries.length === 0);
      await forEachBounded(empty, PARALLEL_QUERIES, (partition) => fill(partition, count));
      // A page can be empty and have a next one.
      if (empty.some(({ entries, hasMore }) => hasMore && entries.length === 0)) continue;
      const newest = partitions
        .filter(({ entries }) => entries.length > 0)
        .reduce<Partition | undefined>(
          (best, next) => (best && best.entries[0].sortKey >= next.entries[0].sortKey ? best : next),
          undefined,
        );
      if (!newest) break;
      taken.push(newest.entries.shift() as IndexEntry);
    }
    return taken;
  };
}
