import * as raw from "@aws-sdk/client-dynamodb";
import { DynamoDBClient, type DynamoDBClientConfig, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as commands from "@aws-sdk/lib-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { RoutingItem } from "../../../functions/routing/routing-item";
import { routingTable } from "../../../functions/routing/routing-table";
import { nextVersion } from "../../../functions/replication/version";
import { lagProbeIds } from "../../../functions/shared/reserved-items";
import { localClientConfig } from "../../../local/aws/local-client";
import { credentialsFor } from "../../cli/aws-credentials";
import type { DeployedRegion } from "../../cli/deployed-regions";
import { type DrillLock, drillLock } from "./drill-lock";
import type { TicketState, DrillSystem } from "./drill-system";

/** Short timeouts without retries: the drill breaks regions on purpose, and the callers repeat their reads. */
const CALLS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};
/** Tickets whose conflicts are counted in parallel. */
const PARALLEL = 10;

/** Access of a drill to the tables of both regions. */
export interface DrillTables extends Pick<DrillSystem, "versionsIn" | "statesIn" | "conflictsOf"> {
  /** Returns the drill lock in a region. */
  lockIn(region: string): DrillLock;
  /** Returns a function that reads a region's routing item. */
  routingItemIn(region: string): () => Promise<RoutingItem | undefined>;
  /** Writes the items of the lag probe of a region to its own table. @returns their version. */
  writeProbe(region: string): Promise<string>;
  close(): void;
}

/** Connects to the tables of both regions. */
export function drillTables(regions: readonly DeployedRegion[]): DrillTables {
  const clients = regions.map((region) => ({ region, client: new DynamoDBClient(optionsOf(region)) }));
  const documents = clients.map(({ region, client }) => ({
    region,
    client: DynamoDBDocumentClient.from(client),
  }));
  const find = <T extends { region: DeployedRegion }>(all: readonly T[], name: string): T =>
    all.find(({ region }) => region.name === name) as T;
  return {
    lockIn(name) {
      const { client, region } = find(documents, name);
      return drillLock(client, region);
    },
    routingItemIn(name) {
      const { client, region } = find(documents, name);
      return () => routingTable({ commands, raw, client }, region.table, region.code).read();
    },
    writeProbe: (name) => writeProbe(find(documents, name)),
    versionsIn: (name, ids) => versionsOf(find(documents, name), ids),
    statesIn: (name, ids) => statesOf(find(documents, name), ids),
    async conflictsOf(name, ids) {
      const { region, client } = find(clients, name);
      let conflicts = 0;
      for (let start = 0; start < ids.length; start += PARALLEL) {
        const counts = ids
          .slice(start, start + PARALLEL)
          .map((id) => countConflicts(client, region.conflictTable, id));
        conflicts += (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      }
      return conflicts;
    },
    close: () => clients.forEach(({ client }) => client.destroy()),
  };
}

function optionsOf(region: DeployedRegion): DynamoDBClientConfig {
  const { code, endpoints } = region;
  return {
    ...(endpoints
      ? localClientConfig({ region: code, endpoint: endpoints.dynamodb })
      : { region: code, credentials: credentialsFor(region, CALLS.requestHandler) }),
    ...CALLS,
  };
}

async function writeProbe(connected: {
  readonly region: DeployedRegion;
  readonly client: DynamoDBDocumentClient;
}): Promise<string> {
  const { region, client } = connected;
  const { table, code } = region;
  const ids = lagProbeIds(code);
  const stored = [...(await versionsOf(connected, ids)).values()].sort().at(-1);
  const version = nextVersion(code, Date.now(), stored);
  const put = (id: string): Promise<unknown> =>
    client.send(new commands.PutCommand({ TableName: table, Item: { id, version, origin: code, seen: {} } }));
  await Promise.all(ids.map(put));
  return version;
}

/** Keys that DynamoDB leaves unprocessed are missing in the result; the next read asks for them again. */
async function versionsOf(
  { region, client }: { readonly region: DeployedRegion; readonly client: DynamoDBDocumentClient },
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { table } = region;
  const request = {
    Keys: ids.map((id) => ({ id })),
    ConsistentRead: true,
    ProjectionExpression: "id, version",
  };
  const { Responses } = await client.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
  return new Map((Responses?.[table] ?? []).map(({ id, version }) => [id as string, version as string]));
}

/** @throws Error when DynamoDB leaves keys unprocessed: a ticket that was not read must not count as absent. */
async function statesOf(
  { region, client }: { readonly region: DeployedRegion; readonly client: DynamoDBDocumentClient },
  ids: readonly string[],
): Promise<ReadonlyMap<string, TicketState>> {
  const { table } = region;
  const request = {
    Keys: ids.map((id) => ({ id })),
    ConsistentRead: true,
    ProjectionExpression: "id, deleted",
  };
  const { Responses, UnprocessedKeys = {} } = await client.send(
    new BatchGetCommand({ RequestItems: { [table]: request } }),
  );
  if (UnprocessedKeys[table]) throw new Error(`the table ${table} throttles reads`);
  const found = Responses?.[table] ?? [];
  return new Map(found.map(({ id, deleted }) => [id as string, deleted === true ? "deleted" : "live"]));
}

async function countConflicts(client: DynamoDBClient, TableName: string, id: string): Promise<number> {
  const query = {
    TableName,
    Select: "COUNT" as const,
    KeyConditionExpression: "id = :id",
    ExpressionAttributeValues: { ":id": { S: id } },
  };
  return (await client.send(new QueryCommand(query))).Count ?? 0;
}
