import { isDeepStrictEqual } from "node:util";
import {
  DescribeContinuousBackupsCommand,
  type CreateTableCommandInput,
  type GlobalSecondaryIndexDescription,
  type LocalSecondaryIndexDescription,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { DeclaredResource } from "../../resource";
import { ifSupported, tagsOf, timeToLiveAttribute, type TableServer } from "./declared-settings";
import { billingModeOf, differs } from "./index-changes";
import { createTableInput } from "./table-inputs";
import { fixedSchema, indexText } from "./table-schema";

type Inputs = DeclaredResource["inputs"];

/**
 * Returns the inputs that declare a table as it is now. An input keeps its declared form while it has the same meaning. Like the
 * provider, this ignores time to live, point-in-time recovery and encryption of a program that does not declare them.
 */
export async function currentInputs(
  server: TableServer,
  table: TableDescription,
  declared: Inputs,
): Promise<Inputs> {
  const tags = await tagsOf(server, table);
  const changed: Record<string, unknown> = {
    ...schemaInputs(table, declared),
    ...capacityInputs(table, declared),
    ...plainInputs(table, declared),
    ...(tags ? tagInputs(tags, declared) : {}),
    ...(await recoveryInputs(server, table, declared)),
  };
  if (declared.ttl) {
    const attributeName = await timeToLiveAttribute(server.client, table.TableName as string);
    const expected = declared.ttl.enabled ? declared.ttl.attributeName : undefined;
    if (attributeName !== expected)
      changed.ttl = { ...(attributeName && { attributeName }), enabled: attributeName !== undefined };
  }
  return { ...declared, ...changed };
}

/** Tags, if they differ: those of the table itself are all but the unchanged default tags of the provider. */
function tagInputs(tags: Readonly<Record<string, string>>, declared: Inputs): Inputs {
  const all = declared.tagsAll ?? declared.tags ?? {};
  if (isDeepStrictEqual(tags, { ...all })) return {};
  const isDefault = (key: string): boolean =>
    Object.hasOwn(all, key) && !Object.hasOwn(declared.tags ?? {}, key) && all[key] === tags[key];
  const own = Object.entries(tags).filter(([key]) => !isDefault(key));
  return {
    ...(own.length > 0 || declared.tags ? { tags: Object.fromEntries(own) } : {}),
    ...(declared.tagsAll && { tagsAll: tags }),
  };
}

/** Keys and indexes. */
function schemaInputs(table: TableDescription, declared: Inputs): Inputs {
  const request = createTableInput(declared.name, declared);
  const [actual, expected] = [fixedSchema(table), fixedSchema(request)];
  const texts = (one: TableDescription | CreateTableCommandInput): string[] =>
    (one.GlobalSecondaryIndexes ?? [])
      .map((index) => indexText(index, one.AttributeDefinitions ?? []))
      .sort();
  const changed: Record<string, unknown> = {};
  if (actual.keys !== expected.keys) Object.assign(changed, keyInputs(table));
  if (!isDeepStrictEqual(actual.localIndexes, expected.localIndexes))
    changed.localSecondaryIndexes = (table.LocalSecondaryIndexes ?? []).map(localIndexInput);
  const throughputDiffers = (request.GlobalSecondaryIndexes ?? []).some(
    ({ IndexName, ProvisionedThroughput }) => {
      const index = table.GlobalSecondaryIndexes?.find((one) => one.IndexName === IndexName);
      return index !== undefined && differs(index.ProvisionedThroughput, ProvisionedThroughput);
    },
  );
  if (throughputDiffers || !isDeepStrictEqual(texts(table), texts(request)))
    changed.globalSecondaryIndexes = (table.GlobalSecondaryIndexes ?? []).map((index) =>
      globalIndexInput(index, billingModeOf(table) === "PROVISIONED"),
    );
  if (Object.keys(changed).length === 0) return {};
  return { ...changed, attributes: attributeInputs(table) };
}

function attributeInputs({ AttributeDefinitions = [] }: TableDescription): Inputs[] {
  return AttributeDefinitions.map(({ AttributeName: name, AttributeType: type }) => ({ name, type }));
}

function keyInputs({ KeySchema = [] }: Pick<TableDescription, "KeySchema">): Inputs {
  const [hash, range] = KeySchema;
  return { hashKey: hash?.AttributeName, rangeKey: range?.AttributeName };
}

function projectionInputs({ Projection }: LocalSecondaryIndexDescription): Inputs {
  const { ProjectionType: projectionType, NonKeyAttributes: nonKeyAttributes } = Projection ?? {};
  return { projectionType, ...(nonKeyAttributes?.length ? { nonKeyAttributes } : {}) };
}

function localIndexInput(index: LocalSecondaryIndexDescription): Inputs {
  return { name: index.IndexName, rangeKey: keyInputs(index).rangeKey, ...projectionInputs(index) };
}

function globalIndexInput(index: GlobalSecondaryIndexDescription, isProvisioned: boolean): Inputs {
  const { hashKey, rangeKey } = keyInputs(index);
  const { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity } =
    index.ProvisionedThroughput ?? {};
  return {
    ...{ name: index.IndexName, hashKey },
    ...(rangeKey !== undefined && { rangeKey }),
    ...projectionInputs(index),
    ...(isProvisioned && { readCapacity, writeCapacity }),
  };
}

function capacityInputs(table: TableDescription, declared: Inputs): Inputs {
  const billingMode = billingModeOf(table);
  const changed: Record<string, unknown> = {};
  if (billingMode !== (declared.billingMode ?? "PROVISIONED")) changed.billingMode = billingMode;
  if (billingMode !== "PROVISIONED") return changed;
  const { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity } =
    table.ProvisionedThroughput ?? {};
  if (declared.readCapacity !== readCapacity) changed.readCapacity = readCapacity;
  if (declared.writeCapacity !== writeCapacity) changed.writeCapacity = writeCapacity;
  return changed;
}

/** Protection, stream, table class and encryption. */
function plainInputs(table: TableDescription, declared: Inputs): Inputs {
  const isProtected = table.DeletionProtectionEnabled ?? false;
  const { StreamEnabled = false, StreamViewType } = table.StreamSpecification ?? {};
  const expectedView = declared.streamEnabled ? declared.streamViewType : undefined;
  const tableClass = table.TableClassSummary?.TableClass ?? "STANDARD";
  const { Status, KMSMasterKeyArn } = table.SSEDescription ?? {};
  const changed: Record<string, unknown> = {};
  if (isProtected !== (declared.deletionProtectionEnabled ?? false))
    changed.deletionProtectionEnabled = isProtected;
  if (StreamEnabled !== (declared.streamEnabled ?? false) || StreamViewType !== expectedView)
    Object.assign(changed, { streamEnabled: StreamEnabled, streamViewType: StreamViewType });
  if (tableClass !== (declared.tableClass ?? "STANDARD")) changed.tableClass = tableClass;
  const sse: Inputs | undefined = declared.serverSideEncryption;
  if (
    sse &&
    ((Status === "ENABLED") !== sse.enabled || (sse.kmsKeyArn ?? KMSMasterKeyArn) !== KMSMasterKeyArn)
  )
    changed.serverSideEncryption = {
      enabled: Status === "ENABLED",
      ...(KMSMasterKeyArn && { kmsKeyArn: KMSMasterKeyArn }),
    };
  return changed;
}

async function recoveryInputs(
  server: TableServer,
  { TableName }: TableDescription,
  { pointInTimeRecovery: declared }: Inputs,
): Promise<Inputs> {
  const changed: Record<string, unknown> = {};
  if (declared)
    await ifSupported(server, { TableName }, "point-in-time recovery", async () => {
      const command = new DescribeContinuousBackupsCommand({ TableName });
      const { ContinuousBackupsDescription: backups } = await server.client.send(command);
      const { PointInTimeRecoveryStatus, RecoveryPeriodInDays: days } =
        backups?.PointInTimeRecoveryDescription ?? {};
      const enabled = PointInTimeRecoveryStatus === "ENABLED";
      const declaredDays: number | undefined = declared.recoveryPeriodInDays;
      if (enabled !== declared.enabled || (enabled && (declaredDays ?? days) !== days))
        changed.pointInTimeRecovery = { enabled, ...(enabled && { recoveryPeriodInDays: days }) };
    });
  return changed;
}
