import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  type AttributeDefinition,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type GlobalSecondaryIndexDescription,
  type TableDescription,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";

const TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/** Finds a table by its name; returns undefined if there is none. */
export async function findTable(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Creates a table and waits until it is active. @throws Error if it exists, or is not active within 60 s. */
export async function createTable(
  client: DynamoDBClient,
  declared: CreateTableCommandInput,
): Promise<TableDescription> {
  const { TableDescription: table } = await client.send(new CreateTableCommand(declared));
  return untilActive(client, table as TableDescription);
}

/** Changes a table and waits until it and its indexes are active. @throws Error if they are not active within 60 s. */
export async function updateTable(
  client: DynamoDBClient,
  change: UpdateTableCommandInput,
): Promise<TableDescription> {
  const { TableDescription: table } = await client.send(new UpdateTableCommand(change));
  return untilActive(client, table as TableDescription);
}

/**
 * Deletes a table and waits until it is gone; one that does not exist counts as deleted.
 * @throws Error if it is protected, or still exists after 60 s.
 */
export async function deleteTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: name })).catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  });
  await until(async () => (await findTable(client, name)) === undefined, `The table ${name} was not deleted`);
}

async function untilActive(client: DynamoDBClient, table: TableDescription): Promise<TableDescription> {
  const name = table.TableName as string;
  let current: TableDescription = table;
  await until(async () => {
    if (isActive(current)) return true;
    current = (await findTable(client, name)) ?? {};
    return isActive(current);
  }, `The table ${name} did not become active`);
  return current;
}

function isActive({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): boolean {
  return (
    TableStatus === "ACTIVE" && GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === "ACTIVE")
  );
}

async function until(done: () => Promise<boolean>, problem: string): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`${problem} within ${TIMEOUT_MS / 1000} s.`);
    await wait(POLL_MS);
  }
}

/** @throws Error if an existing table has other keys or local indexes than the program declares, which cannot change. */
export function rejectDifferentKeys(existing: TableDescription, declared: CreateTableCommandInput): void {
  const [existingKeys, declaredKeys] = [fixedSchema(existing), fixedSchema(declared)];
  if (isDeepStrictEqual(existingKeys, declaredKeys)) return;
  throw new Error(
    `The table ${existing.TableName} already exists with other keys or local indexes (${JSON.stringify(existingKeys)}) than the program ` +
      `declares (${JSON.stringify(declaredKeys)}). Start with an empty data folder (--data), or delete the table.`,
  );
}

/** Keys and local indexes of a table, to compare. */
export function fixedSchema(table: TableDescription | CreateTableCommandInput): {
  readonly keys: string;
  readonly localIndexes: readonly string[];
} {
  const definitions = table.AttributeDefinitions ?? [];
  return {
    keys: keysText(table.KeySchema, definitions),
    localIndexes: (table.LocalSecondaryIndexes ?? []).map((index) => indexText(index, definitions)).sort(),
  };
}

/** Name, keys with their types, and projection of an index, to compare. */
export function indexText(
  { IndexName, KeySchema, Projection }: GlobalSecondaryIndex | GlobalSecondaryIndexDescription,
  definitions: readonly AttributeDefinition[],
): string {
  const attributes = [...(Projection?.NonKeyAttributes ?? [])].sort();
  return [IndexName, keysText(KeySchema, definitions), Projection?.ProjectionType, ...attributes].join(" ");
}

function keysText(
  schema: TableDescription["KeySchema"] = [],
  definitions: readonly AttributeDefinition[],
): string {
  const types = new Map(definitions.map((item) => [item.AttributeName, item.AttributeType]));
  return schema
    .map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName} ${types.get(AttributeName)}`)
    .join(" ");
}
