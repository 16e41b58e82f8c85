import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { readRoutingItem } from "../../functions/routing/routing-item";
import { routingId } from "../../functions/shared/reserved-items";
import { tableClient } from "./table-client";

/**
 * Whether a region has taken over, by its own routing item; undefined when its table does not answer or the item is not readable.
 * @param endpoint the region's DynamoDB.
 * @param region AWS code.
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
    // The region was stopped meanwhile, or the item is forged: `GET /routing` does not believe it either.
    return undefined;
  }
}
