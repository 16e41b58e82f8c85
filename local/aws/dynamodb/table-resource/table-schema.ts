import { isDeepStrictEqual } from "node:util";
import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";

const ACTIVE_SECONDS = 60;

/** Finds a table by its name; returns undefined if there is none. */
export async function findTable(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Creates a table and waits until it is active. @throws Error if it is not active within 60 s. */
export async function createTable(
  client: DynamoDBClient,
  declared: CreateTableCommandInput,
): Promise<TableDescription> {
  const { TableDescription: table } = await client.send(new CreateTableCommand(declared));
  if (table?.TableStatus === "ACTIVE") return table;
  const name = declared.TableName as string;
  await waitUntilTableExists({ client, maxWaitTime: ACTIVE_SECONDS, minDelay: 1 }, { TableName: name });
  return (await findTable(client, name)) as TableDescription;
}

/** @throws Error if an existing table has other keys or indexes than the program declares. */
export function rejectDifferentSchema(existing: TableDescription, declared: CreateTableCommandInput): void {
  const existingSchema = schemaOf(existing);
  const declaredSchema = schemaOf(declared);
  if (isDeepStrictEqual(existingSchema, declaredSchema)) return;
  throw new Error(
    `The table ${existing.TableName} already exists with other keys or indexes (${JSON.stringify(existingSchema)}) than the program ` +
      `declares (${JSON.stringify(declaredSchema)}). Start with an empty data folder (--data), or delete the table.`,
  );
}

function schemaOf(table: TableDescription | CreateTableCommandInput): unknown {
  const types = new Map(table.AttributeDefinitions?.map((item) => [item.AttributeName, item.AttributeType]));
  const keys = (schema: TableDescription["KeySchema"] = []): string[] =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName} ${types.get(AttributeName)}`);
  const indexes = (list: TableDescription["GlobalSecondaryIndexes"] = []): string[] =>
    list
      .map(({ IndexName, KeySchema, Projection }) =>
        [
          IndexName,
          ...keys(KeySchema),
          Projection?.ProjectionType,
          ...(Projection?.NonKeyAttributes ?? []),
        ].join(" "),
      )
      .sort();
  return {
    keys: keys(table.KeySchema),
    globalIndexes: indexes(table.GlobalSecondaryIndexes),
    localIndexes: indexes(table.LocalSecondaryIndexes),
  };
}
