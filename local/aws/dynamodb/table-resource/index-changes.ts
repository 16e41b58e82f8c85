import type {
  CreateTableCommandInput,
  DynamoDBClient,
  GlobalSecondaryIndexUpdate,
  ProvisionedThroughput,
  ProvisionedThroughputDescription,
  TableDescription,
} from "@aws-sdk/client-dynamodb";
import { indexText, updateTable } from "./table-schema";

/**
 * Applies the declared billing mode, throughput and global secondary indexes to a table, one request after the other as the
 * provider, because DynamoDB creates or deletes one index per request. An index with other keys or another projection is deleted and
 * created again. Indexes are deleted before the billing mode changes: with provisioned capacity each would need a throughput.
 * @returns the table's description afterwards.
 */
export async function applyIndexes(
  client: DynamoDBClient,
  table: TableDescription,
  declared: CreateTableCommandInput,
): Promise<TableDescription> {
  const TableName = table.TableName as string;
  const wanted = new Map(
    (declared.GlobalSecondaryIndexes ?? []).map((index) => [
      indexText(index, declared.AttributeDefinitions ?? []),
      index,
    ]),
  );
  let current = table;
  for (const existing of table.GlobalSecondaryIndexes ?? [])
    if (!wanted.delete(indexText(existing, table.AttributeDefinitions ?? [])))
      current = await updateTable(client, {
        TableName,
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: existing.IndexName } }],
      });
  current = await applyThroughput(client, current, declared);
  for (const Create of wanted.values())
    current = await updateTable(client, {
      TableName,
      AttributeDefinitions: declared.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create }],
    });
  return current;
}

async function applyThroughput(
  client: DynamoDBClient,
  table: TableDescription,
  declared: CreateTableCommandInput,
): Promise<TableDescription> {
  const TableName = table.TableName as string;
  const { BillingMode, ProvisionedThroughput: throughput } = declared;
  const changesMode = billingModeOf(table) !== BillingMode;
  if (!throughput) return changesMode ? updateTable(client, { TableName, BillingMode }) : table;
  const updates = indexThroughputs(table, declared, changesMode);
  const changesTable = changesMode || differs(table.ProvisionedThroughput, throughput);
  if (!changesTable && updates.length === 0) return table;
  return updateTable(client, {
    TableName,
    ...(changesMode ? { BillingMode } : {}),
    ...(changesTable ? { ProvisionedThroughput: throughput } : {}),
    ...(updates.length > 0 ? { GlobalSecondaryIndexUpdates: updates } : {}),
  });
}

/** Billing mode of an existing table. DynamoDB omits it for a table that was always provisioned. */
export function billingModeOf(table: TableDescription): string {
  return table.BillingModeSummary?.BillingMode ?? "PROVISIONED";
}

function indexThroughputs(
  table: TableDescription,
  declared: CreateTableCommandInput,
  all: boolean,
): GlobalSecondaryIndexUpdate[] {
  const current = new Map(
    table.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index.ProvisionedThroughput]),
  );
  return (declared.GlobalSecondaryIndexes ?? [])
    .filter(({ IndexName }) => current.has(IndexName))
    .filter(
      ({ IndexName, ProvisionedThroughput }) => all || differs(current.get(IndexName), ProvisionedThroughput),
    )
    .map(({ IndexName, ProvisionedThroughput }) => ({ Update: { IndexName, ProvisionedThroughput } }));
}

/** Returns whether a throughput differs from the declared one. A capacity that the program leaves out is unchanged. */
export function differs(
  current: ProvisionedThroughputDescription | undefined,
  declared: ProvisionedThroughput | undefined,
): boolean {
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = declared ?? {};
  return (
    (read ?? current?.ReadCapacityUnits) !== current?.ReadCapacityUnits ||
    (write ?? current?.WriteCapacityUnits) !== current?.WriteCapacityUnits
  );
}
