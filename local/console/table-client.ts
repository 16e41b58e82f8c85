import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readingProtoAttributes } from "../../shared/proto-attributes";
import { localClientConfig } from "../aws/local-client";

const clients = new Map<string, DynamoDBClient>();

/**
 * Returns the console's client of a region's DynamoDB. It does not retry, so that a stopped region does not delay the console.
 * @param endpoint the region's DynamoDB.
 * @param region AWS code.
 */
export function tableClient(endpoint: string, region: string): DynamoDBClient {
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
