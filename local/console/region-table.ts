import { DynamoDBClient, GetItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { readRoutingItem } from "../../functions/routing/routing-item";
import { routingId } from "../../functions/shared/reserved-items";
import { STATUS_INDEX } from "../../functions/tickets/table";
import { STATUSES } from "../../functions/tickets/ticket-attributes";
import { readingProtoAttributes } from "../../shared/proto-attributes";
import { localClientConfig } from "../aws/local-client";

/**
 * Counts the live tickets of a table by its status index.
 * @param endpoint the region's DynamoDB.
 * @param region AWS code.
 * @returns undefined when the table does not respond.
 */
export async function countTickets(
  endpoint: string,
  region: string,
  table: string,
): Promise<number | undefined> {
  try {
    const client = tableClient(endpoint, region);
    const counts = await Promise.all(STATUSES.map((status) => countStatus(client, table, status)));
    return counts.reduce((sum, count) => sum + count, 0);
  } catch {
    // The region was stopped in the meantime. The console shows the count as unknown.
    return undefined;
  }
}

async function countStatus(client: DynamoDBClient, TableName: string, status: string): Promise<number> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: STATUS_INDEX,
      Select: "COUNT",
      KeyConditionExpression: "#status = :status",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":status": { S: status } },
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

const clients = new Map<string, DynamoDBClient>();

/** The console's client of a region's DynamoDB. It does not retry, so that a stopped region does not delay the console. */
function tableClient(endpoint: string, region: string): DynamoDBClient {
  const known = clients.get(endpoint);
  if (known) return known;
  const credentials = { accessKeyId: "console", secretAccessKey: "console" };
  const client = new DynamoDBClient({
    ...localClientConfig({ endpoint, region, credentials }),
    maxAttempts: 1,
  });
  clients.set(endpoint, readingProtoAttributes(client));
  return client;
}
