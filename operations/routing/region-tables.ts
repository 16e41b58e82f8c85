import * as raw from "@aws-sdk/client-dynamodb";
import * as commands from "@aws-sdk/lib-dynamodb";
import type { DocumentDatabase } from "../../functions/shared/stored-item";
import { RoutingTable, routingTable } from "../../functions/routing/routing-table";
import { SentinelTable, sentinelTable } from "../../functions/sentinel/sentinel-table";
import type { ConnectedRegion } from "../cli/aws-clients";

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
