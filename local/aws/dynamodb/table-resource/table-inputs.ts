import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
  ProvisionedThroughput,
} from "@aws-sdk/client-dynamodb";
import type { DeclaredResource } from "../../resource";

type Inputs = DeclaredResource["inputs"];

const TABLE = [
  "attributes",
  "billingMode",
  "deletionProtectionEnabled",
  "globalSecondaryIndexes",
  "hashKey",
  "localSecondaryIndexes",
  "name",
  "pointInTimeRecovery",
  "rangeKey",
  "readCapacity",
  "serverSideEncryption",
  "streamEnabled",
  "streamViewType",
  "tableClass",
  "tags",
  "ttl",
  "writeCapacity",
];
const INDEX = ["hashKey", "keySchemas", "name", "nonKeyAttributes", "projectionType", "rangeKey"];
const NESTED: Readonly<Record<string, readonly string[]>> = {
  attributes: ["name", "type"],
  globalSecondaryIndexes: [...INDEX, "readCapacity", "writeCapacity"],
  localSecondaryIndexes: ["name", "nonKeyAttributes", "projectionType", "rangeKey"],
  pointInTimeRecovery: ["enabled", "recoveryPeriodInDays"],
  serverSideEncryption: ["enabled", "kmsKeyArn"],
  ttl: ["attributeName", "enabled"],
};

/** Rejects inputs that are not emulated. @throws Error that names all of them. */
export function rejectUnknownInputs(inputs: Inputs): void {
  const unknown = unknownKeys(inputs, TABLE, "");
  for (const [name, known] of Object.entries(NESTED))
    for (const value of [inputs[name] ?? []].flat()) unknown.push(...unknownKeys(value, known, `${name}.`));
  if (unknown.length === 0) return;
  throw new Error(
    `The local DynamoDB does not emulate ${unknown.join(", ")} of a table. Omit it, or emulate it in local/aws/dynamodb/table-resource/.`,
  );
}

/** CreateTable request of a declared table, as the AWS provider sends it. */
export function createTableInput(name: string, inputs: Inputs): CreateTableCommandInput {
  const provisioned = (inputs.billingMode ?? "PROVISIONED") === "PROVISIONED";
  return {
    TableName: name,
    BillingMode: inputs.billingMode ?? "PROVISIONED",
    AttributeDefinitions: attributeDefinitions(inputs),
    KeySchema: keySchema(inputs),
    ...(provisioned ? { ProvisionedThroughput: throughput(inputs) } : {}),
    ...(inputs.globalSecondaryIndexes?.length
      ? {
          GlobalSecondaryIndexes: inputs.globalSecondaryIndexes.map((index: Inputs) =>
            globalIndex(index, provisioned),
          ),
        }
      : {}),
    ...(inputs.localSecondaryIndexes?.length
      ? {
          LocalSecondaryIndexes: inputs.localSecondaryIndexes.map((index: Inputs) =>
            localIndex(inputs, index),
          ),
        }
      : {}),
    ...(inputs.streamEnabled
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: inputs.streamViewType } }
      : {}),
    ...(inputs.serverSideEncryption?.enabled
      ? {
          SSESpecification: {
            Enabled: true,
            SSEType: "KMS",
            KMSMasterKeyId: inputs.serverSideEncryption.kmsKeyArn,
          },
        }
      : {}),
    ...(inputs.deletionProtectionEnabled ? { DeletionProtectionEnabled: true } : {}),
    ...(inputs.tableClass ? { TableClass: inputs.tableClass } : {}),
    ...(Object.keys(inputs.tags ?? {}).length ? { Tags: tagList(inputs.tags) } : {}),
  };
}

function attributeDefinitions(inputs: Inputs): AttributeDefinition[] {
  return (inputs.attributes ?? []).map(({ name, type }: Inputs) => ({
    AttributeName: name,
    AttributeType: type,
  }));
}

function keySchema(keys: Inputs): KeySchemaElement[] {
  if (keys.keySchemas?.length)
    return keys.keySchemas.map(({ attributeName, keyType }: Inputs) => ({
      AttributeName: attributeName,
      KeyType: keyType,
    }));
  const hash: KeySchemaElement = { AttributeName: keys.hashKey, KeyType: "HASH" };
  return keys.rangeKey ? [hash, { AttributeName: keys.rangeKey, KeyType: "RANGE" }] : [hash];
}

function globalIndex(index: Inputs, provisioned: boolean): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: projection(index),
    ...(provisioned ? { ProvisionedThroughput: throughput(index) } : {}),
  };
}

function localIndex(table: Inputs, index: Inputs): LocalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema({ hashKey: table.hashKey, rangeKey: index.rangeKey }),
    Projection: projection(index),
  };
}

function projection(index: Inputs): Projection {
  const attributes = index.nonKeyAttributes?.length ? { NonKeyAttributes: index.nonKeyAttributes } : {};
  return { ProjectionType: index.projectionType, ...attributes };
}

function throughput({ readCapacity, writeCapacity }: Inputs): ProvisionedThroughput {
  return { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity };
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function unknownKeys(value: object, known: readonly string[], prefix: string): string[] {
  return Object.entries(value)
    .filter(([key, input]) => input !== undefined && !known.includes(key))
    .map(([key]) => prefix + key);
}
