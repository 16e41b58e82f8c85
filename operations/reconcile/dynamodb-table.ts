import {
  BatchGetItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type KeysAndAttributes,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Image } from "../../functions/shared/image";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { ConnectedRegion } from "../cli/aws-clients";
import { STATE_ATTRIBUTES } from "./items";
import type { ReconciledTable } from "./side";
import { isWritten } from "../../functions/shared/conditional-write";

/** Attempts for unprocessed keys of a batch, and the maximum wait between two attempts. */
const BATCH_ATTEMPTS = 10;
const MAXIMUM_WAIT_MS = 5000;

/** Read options of a table. */
export interface TableOptions {
  /** Whether scans and batches return whole items. */
  readonly whole: boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Ticket table in DynamoDB. */
export function reconciledTable(
  client: DynamoDBClient,
  TableName: string,
  options: TableOptions,
): ReconciledTable {
  const projection = options.whole ? {} : STATE_PROJECTION;
  return {
    async scan({ segment: Segment, segments: TotalSegments, after, limit: Limit }) {
      const ExclusiveStartKey = after === undefined ? undefined : { id: { S: after } };
      const input = { TableName, Segment, TotalSegments, Limit, ExclusiveStartKey, ...projection };
      const { Items: images = [], LastEvaluatedKey } = await client.send(new ScanCommand(input));
      return { images, next: LastEvaluatedKey?.id.S };
    },

    async getMany(ids) {
      const found = new Map<string, Image>();
      let asked: KeysAndAttributes | undefined = {
        Keys: ids.map((id) => ({ id: { S: id } })),
        ...projection,
      };
      for (let attempt = 0; asked; attempt++) {
        if (attempt === BATCH_ATTEMPTS)
          throw new CommandError(`The table ${TableName} is throttled. Try again with a lower --rate.`);
        if (attempt > 0) await options.sleep(Math.min(50 * 2 ** attempt, MAXIMUM_WAIT_MS));
        const RequestItems: Record<string, KeysAndAttributes> = { [TableName]: asked };
        const response = await client.send(new BatchGetItemCommand({ RequestItems }));
        for (const image of response.Responses?.[TableName] ?? []) found.set(image.id.S as string, image);
        asked = response.UnprocessedKeys?.[TableName];
      }
      return found;
    },

    async get(id) {
      const input = { TableName, Key: { id: { S: id } }, ConsistentRead: true };
      return (await client.send(new GetItemCommand(input))).Item;
    },

    stamp: (id, { version, origin, seen, listing }) =>
      set(id, { version, origin, seen, ...listing }, { ConditionExpression: NEVER_STAMPED }),

    list: (id, version, listing) =>
      set(id, { ...listing }, { ConditionExpression: "#version = :read", read: version }),
  };

  /** Sets attributes on an item that meets a condition. @returns whether the condition was met. */
  async function set(
    id: string,
    attributes: Record<string, string | Readonly<Record<string, string>>>,
    { ConditionExpression, read }: { readonly ConditionExpression: string; readonly read?: string },
  ): Promise<boolean> {
    const names = Object.keys(attributes);
    const values = names.map((name) => [`:${name}`, attributeValue(attributes[name])]);
    const input = {
      TableName,
      Key: { id: { S: id } },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
      ConditionExpression,
      ExpressionAttributeNames: Object.fromEntries(["version", ...names].map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(values),
        ...(read !== undefined && { ":read": { S: read } }),
      },
    };
    return isWritten(client.send(new UpdateItemCommand(input)));
  }
}

const NEVER_STAMPED = "attribute_exists(id) AND attribute_not_exists(#version)";

function attributeValue(value: string | Readonly<Record<string, string>>): AttributeValue {
  if (typeof value === "string") return { S: value };
  return { M: Object.fromEntries(Object.entries(value).map(([name, text]) => [name, { S: text }])) };
}

/** Uses placeholders, because some attribute names are reserved words. */
const STATE_PROJECTION = {
  ProjectionExpression: STATE_ATTRIBUTES.map((name) => `#${name}`).join(", "),
  ExpressionAttributeNames: Object.fromEntries(STATE_ATTRIBUTES.map((name) => [`#${name}`, name])),
};

/**
 * Checks that the table can be read and has the key of a ticket table.
 * @returns the approximate number of items, which DynamoDB updates every six hours.
 * @throws CommandError if the table cannot be read or has another key.
 */
export async function checkTable({ region, clients }: ConnectedRegion): Promise<number> {
  const { name, code, table } = region;
  const described = await describeTable(region, clients.dynamodb, table);
  if (keyOf(described) !== "id S HASH")
    throw new CommandError(
      `The table ${table} of ${name} (${code}) is not a ticket table: its key is not the string id alone.`,
    );
  return described.ItemCount ?? 0;
}

/** Checks the conflict table of a region. @throws CommandError if it cannot be read or has another key. */
export async function checkConflictTable({ region, clients }: ConnectedRegion): Promise<void> {
  const { name, code, conflictTable } = region;
  const described = await describeTable(region, clients.dynamodb, conflictTable);
  if (keyOf(described) !== "id S HASH, losingVersion S RANGE")
    throw new CommandError(
      `The table ${conflictTable} of ${name} (${code}) is not a conflict table: its key is not id and losingVersion.`,
    );
}

async function describeTable(
  { name, code }: DeployedRegion,
  client: DynamoDBClient,
  table: string,
): Promise<TableDescription> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table })).catch((error) => {
    throw new CommandError(`The table ${table} of ${name} (${code}) cannot be read (${reasonOf(error)}).`, {
      cause: error,
    });
  });
  return Table ?? {};
}

function keyOf({ KeySchema = [], AttributeDefinitions = [] }: TableDescription): string {
  const typeOf = (name: string | undefined): string | undefined =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return KeySchema.map(
    ({ AttributeName, KeyType }) => `${AttributeName} ${typeOf(AttributeName)} ${KeyType}`,
  ).join(", ");
}
