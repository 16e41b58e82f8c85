import {
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { StoredData } from "./stored-data";
import type { TeardownTarget } from "./target";

/** Longest time until a table is active again, in seconds. */
const MAXIMUM_SECONDS = 300;

/**
 * Turns off DynamoDB's deletion protection of a table, and waits until the table is active again: a table that is being updated cannot be
 * deleted. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
 * @returns whether the table was protected; false if it does not exist.
 */
export async function unprotectTable(
  target: TeardownTarget,
  table: StoredData,
  signal: AbortSignal,
): Promise<boolean> {
  const client = new DynamoDBClient(target.clientConfig(table, "dynamodb"));
  const input = { TableName: table.name };
  try {
    const found = await client.send(new DescribeTableCommand(input)).catch((error: Error) => {
      if (error.name !== "ResourceNotFoundException") throw error;
      return undefined;
    });
    if (!found?.Table?.DeletionProtectionEnabled) return false;
    await client.send(new UpdateTableCommand({ ...input, DeletionProtectionEnabled: false }));
    const wait = { client, abortSignal: signal, maxWaitTime: MAXIMUM_SECONDS, minDelay: 1, maxDelay: 5 };
    await waitUntilTableExists(wait, input);
    return true;
  } finally {
    client.destroy();
  }
}
