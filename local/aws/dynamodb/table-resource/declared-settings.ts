import {
  DescribeTimeToLiveCommand,
  DynamoDBServiceException,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Log } from "../../log";
import type { DeclaredResource } from "../../resource";
import { findTable } from "./table-schema";

type Inputs = DeclaredResource["inputs"];

/** Applies the declared stream, deletion protection, TTL and point-in-time recovery to a table, and returns its description. */
export async function applySettings(
  client: DynamoDBClient,
  table: TableDescription,
  declared: CreateTableCommandInput,
  inputs: Inputs,
  log: Log,
): Promise<TableDescription> {
  const name = declared.TableName as string;
  await applyStream(client, table, declared);
  await applyDeletionProtection(client, table, declared);
  await applyTimeToLive(client, name, inputs.ttl);
  if (inputs.pointInTimeRecovery) await applyRecovery(client, name, inputs.pointInTimeRecovery, log);
  return (await findTable(client, name)) as TableDescription;
}

async function applyStream(
  client: DynamoDBClient,
  table: TableDescription,
  { StreamSpecification: declared }: CreateTableCommandInput,
): Promise<void> {
  const TableName = table.TableName as string;
  const current = table.StreamSpecification?.StreamEnabled
    ? table.StreamSpecification.StreamViewType
    : undefined;
  if (current === declared?.StreamViewType) return;
  if (current)
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
  if (declared) await client.send(new UpdateTableCommand({ TableName, StreamSpecification: declared }));
}

async function applyDeletionProtection(
  client: DynamoDBClient,
  table: TableDescription,
  { DeletionProtectionEnabled: declared = false }: CreateTableCommandInput,
): Promise<void> {
  if ((table.DeletionProtectionEnabled ?? false) === declared) return;
  const change = { TableName: table.TableName as string, DeletionProtectionEnabled: declared };
  await client.send(new UpdateTableCommand(change));
}

async function applyTimeToLive(client: DynamoDBClient, name: string, ttl: Inputs | undefined): Promise<void> {
  const { TimeToLiveDescription: current } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  const enabled = current?.TimeToLiveStatus === "ENABLED" ? current.AttributeName : undefined;
  const declared = ttl?.enabled ? (ttl.attributeName as string) : undefined;
  if (enabled === declared) return;
  const set = (AttributeName: string, Enabled: boolean): Promise<unknown> =>
    client.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } }),
    );
  if (enabled) await set(enabled, false);
  if (declared) await set(declared, true);
}

/** Applies point-in-time recovery. Logs a line and continues if the DynamoDB has none, such as DynamoDB Local. */
async function applyRecovery(
  client: DynamoDBClient,
  name: string,
  recovery: Inputs,
  log: Log,
): Promise<void> {
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: recovery.enabled as boolean,
    RecoveryPeriodInDays: recovery.recoveryPeriodInDays as number | undefined,
  };
  const command = new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification });
  await client.send(command).catch((error: unknown) => {
    if (!(error instanceof DynamoDBServiceException) || error.name !== "UnknownOperationException")
      throw error;
    log("dynamodb", `${name}: this DynamoDB has no point-in-time recovery; the setting is ignored.`);
  });
}
