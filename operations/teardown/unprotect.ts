import {
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { placed, type StoredData } from "./stored-data";
import type { TeardownTarget } from "./target";

/** Longest time until a table is active again, in seconds. */
const MAXIMUM_SECONDS = 300;

/**
 * Turns off DynamoDB's deletion protection of a table, and waits until the table is active again: a table that is being updated cannot be
 * deleted. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
 * @returns whether the table was protected; false if it does not exist.
 * @throws CommandError with the call that failed.
 */
export async function unprotectTable(
  target: TeardownTarget,
  table: StoredData,
  signal: AbortSignal,
): Promise<boolean> {
  const client = new DynamoDBClient(target.clientConfig(table, "dynamodb"));
  try {
    return await turnOff(client, table.name, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new CommandError(
      `The deletion protection of the table ${placed(table)} could not be turned off (${reasonOf(error)}). ` +
        "Fix the cause, then continue.",
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}

async function turnOff(
  client: DynamoDBClient,
  TableName: string,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const input = { TableName };
  const found = await client.send(new DescribeTableCommand(input), { abortSignal }).catch((error: Error) => {
    if (error.name !== "ResourceNotFoundException") throw error;
    return undefined;
  });
  if (!found?.Table?.DeletionProtectionEnabled) return false;
  const change = new UpdateTableCommand({ ...input, DeletionProtectionEnabled: false });
  await client.send(change, { abortSignal });
  const wait = { client, abortSignal, maxWaitTime: MAXIMUM_SECONDS, minDelay: 1, maxDelay: 5 };
  await waitUntilTableExists(wait, input);
  return true;
}
