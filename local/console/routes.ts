import type { Addresses } from "../addresses";
import type { Regions } from "../aws/regions";
import type { LocalSqs } from "../aws/sqs/sqs";
import { debuggerRoutes, type DebuggerSources } from "./debugger-routes";
import type { Route } from "./http/route";
import { logRoutes } from "./logs/log-routes";
import type { LogStore } from "./logs/log-store";
import { LocalQuarantine } from "./quarantine/quarantine-reader";
import { quarantineRoutes } from "./quarantine/quarantine-routes";
import type { Redrive } from "./quarantine/redrive-command";
import { regionRoutes } from "./region-routes";
import { type BlockableShards, shardRoutes } from "./shard-routes";
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
  readonly mappings: BlockableShards;
  readonly sqs: Pick<LocalSqs, "messages">;
  readonly redrive: Redrive;
  readonly debugging: Omit<DebuggerSources, "regions">;
}

/** Returns the routes of the console, in addition to the server's own. */
export function consoleRoutes(sources: RouteSources): Route[] {
  const { regions, logs, addresses, mappings, sqs, redrive, debugging } = sources;
  const tables = (): TicketTables =>
    new TicketTables(
      Object.values(addresses().regions).map(({ name, code, dynamodb, table }) =>
        regionItems({ name, code }, tableClient(dynamodb, code), table),
      ),
    );
  const reader = new LocalQuarantine(regions, sqs, () => addresses().regions);
  return [
    ...regionRoutes(regions),
    ...shardRoutes(regions, mappings),
    ...ticketRoutes(tables),
    ...quarantineRoutes(regions, { reader, redrive }),
    ...logRoutes(logs, Date.now()),
    ...debuggerRoutes({ ...debugging, regions }),
  ];
}
