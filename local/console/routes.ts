import type { Addresses } from "../addresses";
import type { Regions } from "../aws/regions";
import type { Route } from "./http/route";
import { logRoutes } from "./logs/log-routes";
import type { LogStore } from "./logs/log-store";
import { regionRoutes } from "./region-routes";
import { tableClient } from "./table-client";
import { regionItems } from "./tickets/region-items";
import { ticketRoutes } from "./tickets/ticket-routes";
import { TicketTables } from "./tickets/ticket-tables";

/** Sources of the console's routes. */
interface RouteSources {
  readonly regions: Regions;
  readonly logs: LogStore;
  /** Current addresses. */
  readonly addresses: () => Addresses;
}

/** Returns the routes of the console, in addition to the server's own. */
export function consoleRoutes({ regions, logs, addresses }: RouteSources): Route[] {
  const tables = (): TicketTables =>
    new TicketTables(
      Object.values(addresses().regions).map(({ name, code, dynamodb, table }) =>
        regionItems({ name, code }, tableClient(dynamodb, code), table),
      ),
    );
  return [...regionRoutes(regions), ...ticketRoutes(tables), ...logRoutes(logs, Date.now())];
}
