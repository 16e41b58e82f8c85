import { type DynamoDBClient, GetItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { readRoutingItem } from "../../functions/routing/routing-item";
import { routingId } from "../../functions/shared/reserved-items";
import { ALL_SHARDS, STATUS_SHARD_INDEX, statusShard } from "../../functions/tickets/list-indexes";
import { STATUSES } from "../../functions/tickets/ticket-attributes";
import { tableClient } from "./table-client";
import { TicketCounts } from "./ticket-counts";

const counts = new TicketCounts();

/**
 * Returns the number of live tickets in a table. The number is a few seconds old if the table is large.
 * @param endpoint the region's DynamoDB.
 * @param region AWS code.
 * @returns undefined when the table does not respond.
 */
export async function countTickets(
  endpoint: string,
  region: string,
  table: string,
): Promise<number | undefined> {
  return counts.of(`${endpoint} ${table}`, async () => {
    try {
      const client = tableClient(endpoint, region);
      const hashes = STATUSES.flatMap((status) => ALL_SHARDS.map((shard) => statusShard(status, shard)));
      const ofShards = await Promise.all(hashes.map((hash) => countShard(client, table, hash)));
      return ofShards.reduce((sum, count) => sum + count, 0);
    } catch {
      // The region was stopped in the meantime. The console shows the count as unknown.
      return undefined;
    }
  });
}

async function countShard(client: DynamoDBClient, TableName: string, hash: string): Promise<number> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: STATUS_SHARD_INDEX,
      Select: "COUNT",
      KeyConditionExpression: "statusShard = :hash",
      ExpressionAttributeValues: { ":hash": { S: hash } },
    },
  );
  let count = 0;
  for await (const page of pages) count += page.Count ?? 0;
  return count;
}

/**
 * Reads from a region's own routing item whether the region has taken over.
 * @param endpoint the region's DynamoDB.
 * @param region AWS code.
 * @returns undefined when the table does not respond or the item is not readable.
 */
export async function readTakeover(
  endpoint: string,
  region: string,
  TableName: string,
): Promise<boolean | undefined> {
  const Key = { id: { S: routingId(region) } };
  try {
    const { Item } = await tableClient(endpoint, region).send(
      new GetItemCommand({ TableName, Key, ConsistentRead: true }),
    );
    return Item !== undefined && readRoutingItem(Item).takeover;
  } catch {
    // The region was stopped in the meantime, or the item is forged, which `GET /routing` rejects too.
    return undefined;
  }
}
