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

/** CreateTable request of a declared table, as the AWS provider sends it. */
export function createTableInput(name: string, inputs: Inputs): CreateTableCommandInput {
  const provisioned = (inputs.billingMode ?? "PROVISIONED") === "PROVISIONED";
  const tags: Readonly<Record<string, string>> = inputs.tagsAll ?? inputs.tags ?? {};
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
    ...(Object.keys(tags).length ? { Tags: tagList(tags) } : {}),
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
