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
  wanted: CreateTableCommandInput,
  inputs: Inputs,
  log: Log,
): Promise<TableDescription> {
  const name = wanted.TableName as string;
  await applyStream(client, table, wanted);
  await applyDeletionProtection(client, table, wanted);
  await applyTimeToLive(client, name, inputs.ttl);
  if (inputs.pointInTimeRecovery) await applyRecovery(client, name, inputs.pointInTimeRecovery, log);
  return (await findTable(client, name)) as TableDescription;
}

async function applyStream(
  client: DynamoDBClient,
  table: TableDescription,
  { StreamSpecification: wanted }: CreateTableCommandInput,
): Promise<void> {
  const TableName = table.TableName as string;
  const current = table.StreamSpecification?.StreamEnabled
    ? table.StreamSpecification.StreamViewType
    : undefined;
  if (current === wanted?.StreamViewType) return;
  if (current)
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
  if (wanted) await client.send(new UpdateTableCommand({ TableName, StreamSpecification: wanted }));
}

async function applyDeletionProtection(
  client: DynamoDBClient,
  table: TableDescription,
  { DeletionProtectionEnabled: wanted = false }: CreateTableCommandInput,
): Promise<void> {
  if ((table.DeletionProtectionEnabled ?? false) === wanted) return;
  const change = { TableName: table.TableName as string, DeletionProtectionEnabled: wanted };
  await client.send(new UpdateTableCommand(change));
}

async function applyTimeToLive(client: DynamoDBClient, name: string, ttl: Inputs | undefined): Promise<void> {
  const { TimeToLiveDescription: current } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  const enabled = current?.TimeToLiveStatus === "ENABLED" ? current.AttributeName : undefined;
  const wanted = ttl?.enabled ? (ttl.attributeName as string) : undefined;
  if (enabled === wanted) return;
  const set = (AttributeName: string, Enabled: boolean): Promise<unknown> =>
    client.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } }),
    );
  if (enabled) await set(enabled, false);
  if (wanted) await set(wanted, true);
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
