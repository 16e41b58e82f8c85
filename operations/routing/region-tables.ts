import * as raw from "@aws-sdk/client-dynamodb";
import * as commands from "@aws-sdk/lib-dynamodb";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { RoutingTable, routingTable } from "../../functions/routing/routing-table";
import { SentinelTable, sentinelTable } from "../../functions/sentinel/sentinel-table";
import type { Image } from "../../functions/shared/image";
import { type DocumentDatabase, readAllStored } from "../../functions/shared/stored-item";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { DeployedRegion } from "../cli/deployed-regions";

/** Returns access to a region's routing item. */
export function routingTableOf({ region, clients }: ConnectedRegion): RoutingTable {
  return routingTable(databaseOf(clients.dynamodb), region.table, region.code);
}

/** Returns read access to the state of a region's sentinel. */
export function sentinelTableOf({ region, clients }: ConnectedRegion): Pick<SentinelTable, "read"> {
  return sentinelTable(databaseOf(clients.dynamodb), region.table, region.code);
}

/** Returns a function that reads up to 100 items of a region's ticket table with one request, by key. */
export function itemsOf({
  region,
  clients,
}: ConnectedRegion): (ids: readonly string[]) => Promise<ReadonlyMap<string, Image>> {
  const database = databaseOf(clients.dynamodb);
  return (ids) => readAllStored(database, region.table, ids);
}

function databaseOf(client: ConnectedRegion["clients"]["dynamodb"]): DocumentDatabase {
  return { commands, raw, client: commands.DynamoDBDocumentClient.from(client) };
}

type RegionTable = Pick<DeployedRegion, "name" | "code" | "table">;

/** Reports a read that failed before any change. @throws CommandError always. */
export function failRead({ name, code, table }: RegionTable, error: unknown): never {
  throw new CommandError(
    `The table ${table} of ${name} (${code}) cannot be read (${reasonOf(error)}). Nothing was changed.`,
    { cause: error },
  );
}

/** Reports a failed write, which may have succeeded without a response. @throws CommandError always. */
export function failWrite({ name, code, table }: RegionTable, error: unknown): never {
  throw new CommandError(
    `The table ${table} of ${name} (${code}) cannot be written (${reasonOf(error)}). ` +
      "The write may have succeeded: npm run status shows it. Running this command again is safe.",
    { cause: error },
  );
}
