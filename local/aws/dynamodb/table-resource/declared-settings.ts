import {
  DescribeTimeToLiveCommand,
  DynamoDBServiceException,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Log } from "../../log";
import type { DeclaredResource } from "../../resource";
import { applyIndexes } from "./index-changes";
import { findTable, updateTable } from "./table-schema";

type Inputs = DeclaredResource["inputs"];

/** DynamoDB of a region that has the tables. */
export interface TableServer {
  readonly client: DynamoDBClient;
  /** Whether it is an external DynamoDB, such as DynamoDB Local, which may not support every setting. */
  readonly isExternal: boolean;
  readonly log: Log;
}

/**
 * Applies everything that can change in place to a table, where it differs from the program, and returns its description. As with
 * the provider, time to live, point-in-time recovery and encryption stay unchanged when the program no longer declares them.
 */
export async function applySettings(
  server: TableServer,
  table: TableDescription,
  declared: CreateTableCommandInput,
  inputs: Inputs,
): Promise<TableDescription> {
  const { client } = server;
  const current = await applyIndexes(client, table, declared);
  await applyStream(client, current, declared);
  await applyDeletionProtection(client, current, declared);
  await applyTableClass(server, current, inputs);
  await applyEncryption(server, current, declared, inputs);
  await applyTags(server, current, inputs.tagsAll ?? inputs.tags ?? {});
  return applySeparateSettings(server, declared.TableName as string, inputs);
}

/** Applies the settings of a table that CreateTable does not accept, and returns its description. */
export async function applySeparateSettings(
  server: TableServer,
  name: string,
  inputs: Inputs,
): Promise<TableDescription> {
  if (inputs.ttl) await applyTimeToLive(server.client, name, inputs.ttl);
  if (inputs.pointInTimeRecovery) await applyRecovery(server, name, inputs.pointInTimeRecovery);
  return (await findTable(server.client, name)) as TableDescription;
}

/** A stream with another view type is a new stream with another ARN. */
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
  if (current) await updateTable(client, { TableName, StreamSpecification: { StreamEnabled: false } });
  if (declared) await updateTable(client, { TableName, StreamSpecification: declared });
}

async function applyDeletionProtection(
  client: DynamoDBClient,
  table: TableDescription,
  { DeletionProtectionEnabled = false }: CreateTableCommandInput,
): Promise<void> {
  if ((table.DeletionProtectionEnabled ?? false) === DeletionProtectionEnabled) return;
  await updateTable(client, { TableName: table.TableName, DeletionProtectionEnabled });
}

async function applyTableClass(server: TableServer, table: TableDescription, inputs: Inputs): Promise<void> {
  const TableClass = inputs.tableClass ?? "STANDARD";
  if ((table.TableClassSummary?.TableClass ?? "STANDARD") === TableClass) return;
  const { TableName } = table;
  await ifSupported(server, table, "table class", () =>
    updateTable(server.client, { TableName, TableClass }),
  );
}

async function applyEncryption(
  server: TableServer,
  table: TableDescription,
  { SSESpecification = { Enabled: false } }: CreateTableCommandInput,
  { serverSideEncryption: declared }: Inputs,
): Promise<void> {
  const { Status, KMSMasterKeyArn } = table.SSEDescription ?? {};
  const isEnabled = Status === "ENABLED" || Status === "UPDATING";
  if (
    !declared ||
    (isEnabled === declared.enabled && (declared.kmsKeyArn ?? KMSMasterKeyArn) === KMSMasterKeyArn)
  )
    return;
  const change = { TableName: table.TableName, SSESpecification };
  await ifSupported(server, table, "encryption", () => updateTable(server.client, change));
}

async function applyTags(
  server: TableServer,
  table: TableDescription,
  declared: Readonly<Record<string, string>>,
): Promise<void> {
  const { client } = server;
  const ResourceArn = table.TableArn;
  const current = await tagsOf(server, table);
  if (!current) return;
  const Tags = Object.entries(declared).map(([Key, Value]) => ({ Key, Value }));
  const added = Tags.filter(({ Key, Value }) => current[Key] !== Value);
  const TagKeys = Object.keys(current).filter((key) => declared[key] === undefined);
  if (TagKeys.length > 0) await client.send(new UntagResourceCommand({ ResourceArn, TagKeys }));
  if (added.length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags: added }));
}

/** Tags of a table; undefined if its DynamoDB does not support tags. */
export async function tagsOf(
  server: TableServer,
  table: TableDescription,
): Promise<Record<string, string> | undefined> {
  const tags: Record<string, string> = {};
  const isSupported = await ifSupported(server, table, "tags", async () => {
    let NextToken: string | undefined;
    do {
      const command = new ListTagsOfResourceCommand({ ResourceArn: table.TableArn, NextToken });
      const page = await server.client.send(command);
      for (const { Key, Value } of page.Tags ?? []) tags[Key as string] = Value as string;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  });
  return isSupported ? tags : undefined;
}

/**
 * Enables or disables time to live in one request, as the provider. To change the attribute, disable time to live first: DynamoDB
 * rejects another attribute while it is enabled.
 */
async function applyTimeToLive(client: DynamoDBClient, name: string, declared: Inputs): Promise<void> {
  const current = await timeToLiveAttribute(client, name);
  const Enabled = declared.enabled === true;
  if ((current !== undefined) === Enabled && (!Enabled || current === declared.attributeName)) return;
  const TimeToLiveSpecification = { AttributeName: Enabled ? declared.attributeName : current, Enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

/** Attribute of a table's time to live; undefined if it is disabled. */
export async function timeToLiveAttribute(client: DynamoDBClient, name: string): Promise<string | undefined> {
  const command = new DescribeTimeToLiveCommand({ TableName: name });
  const { TimeToLiveDescription: current } = await client.send(command);
  const isEnabled = current?.TimeToLiveStatus === "ENABLED" || current?.TimeToLiveStatus === "ENABLING";
  return isEnabled ? current.AttributeName : undefined;
}

async function applyRecovery(server: TableServer, TableName: string, recovery: Inputs): Promise<void> {
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: recovery.enabled as boolean,
    RecoveryPeriodInDays: recovery.recoveryPeriodInDays as number | undefined,
  };
  const command = new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification });
  await ifSupported(server, { TableName }, "point-in-time recovery", () => server.client.send(command));
}

/** Runs a task. If an external DynamoDB does not support it, logs a line and returns false. */
export async function ifSupported(
  { isExternal, log }: TableServer,
  { TableName }: TableDescription,
  setting: string,
  task: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await task();
    return true;
  } catch (error) {
    const unsupported = ["UnknownOperationException", "ValidationException"];
    if (!isExternal || !(error instanceof DynamoDBServiceException) || !unsupported.includes(error.name))
      throw error;
    log(
      "dynamodb",
      `${TableName}: this DynamoDB has no ${setting}; the setting is ignored. (${error.message})`,
    );
    return false;
  }
}
