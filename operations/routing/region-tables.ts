import * as raw from "@aws-sdk/client-dynamodb";
import * as commands from "@aws-sdk/lib-dynamodb";
import type { DocumentDatabase } from "../../functions/shared/stored-item";
import { RoutingTable, routingTable } from "../../functions/routing/routing-table";
import { SentinelTable, sentinelTable } from "../../functions/sentinel/sentinel-table";
import type { ConnectedRegion } from "../cli/aws-clients";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";

/** A region's routing item, as an operator reads and changes it. */
export function routingOf({ region, clients }: ConnectedRegion): RoutingTable {
  return routingTable(databaseOf(clients.dynamodb), region.table, region.code);
}

/** What a region's sentinel knows of the other region. */
export function sentinelOf({ region, clients }: ConnectedRegion): Pick<SentinelTable, "read"> {
  return sentinelTable(databaseOf(clients.dynamodb), region.table, region.code);
}

function databaseOf(client: ConnectedRegion["clients"]["dynamodb"]): DocumentDatabase {
  return { commands, raw, client: commands.DynamoDBDocumentClient.from(client) };
}

type Named = Pick<DeployedRegion, "name" | "code" | "table">;

/** For a read that failed before anything was written. @throws CommandError always. */
export function cannotRead({ name, code, table }: Named, error: unknown): never {
  throw new CommandError(
    `The table ${table} of ${name} (${code}) cannot be read (${reasonOf(error)}). Nothing was changed.`,
    { cause: error },
  );
}

/** For the one write, whose answer may have been lost. @throws CommandError always. */
export function cannotWrite({ name, code, table }: Named, error: unknown): never {
  throw new CommandError(
    `The table ${table} of ${name} (${code}) cannot be written (${reasonOf(error)}). ` +
      "The write may have succeeded: npm run status shows it. Running this command again is safe.",
    { cause: error },
  );
}
