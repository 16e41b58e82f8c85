import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { STATUS_INDEX } from "../../functions/tickets/table";
import { STATUSES } from "../../functions/tickets/ticket-attributes";
import { tableClient } from "./table-client";

/**
 * How many live tickets a table has, counted by its index; undefined when the table does not answer.
 * @param endpoint the region's DynamoDB.
 * @param region AWS code.
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
    // The region was stopped meanwhile: its figure is not known, and the console says so.
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
