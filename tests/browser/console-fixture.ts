import type { Addresses } from "../../local/addresses";
import { regionRoutes } from "../../local/console/region-routes";
import { ConsoleServer } from "../../local/console/server";
import type { ConsoleState } from "../../local/console/state";
import { INTERVAL_MS, type LagPoint } from "../../local/console/replication-metrics";
import { LogStore } from "../../local/console/logs/log-store";
import { logRoutes } from "../../local/console/logs/log-routes";
import { quarantineRoutes } from "../../local/console/quarantine/quarantine-routes";
import { ticketRoutes } from "../../local/console/tickets/ticket-routes";
import { TicketTables } from "../../local/console/tickets/ticket-tables";
import { MemoryItems, MemoryQuarantine } from "./console-memory";
import { Regions } from "../../local/aws/regions";

/** Console server with a state that the test sets. */
export class ConsoleFixture {
  readonly regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  tickets = 6;
  singaporeHasTakenOver = false;
  /** Alias. */
  primary = "ireland";
  table = "tickets";
  lags: number[] = [];
  events: string[] = ["The local cloud is running."];
  problem: ConsoleState["problem"];
  /** Items of Ireland and Singapore. */
  readonly items = this.regions.all().map(({ name, code }) => new MemoryItems(name, code));
  readonly quarantine = new MemoryQuarantine();
  logs = new LogStore(this.regions.all().map(({ name }) => name));
  startedAt = 1;
  private server: ConsoleServer | undefined;
  private port = 0;

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async start(): Promise<void> {
    this.server = await ConsoleServer.start({
      port: this.port,
      routes: [
        ...regionRoutes(this.regions),
        ...ticketRoutes(() => new TicketTables(this.items)),
        ...quarantineRoutes(this.regions, { reader: this.quarantine, redrive: this.quarantine }),
        ...logRoutes(this.logs, this.startedAt),
      ],
      state: async () => this.state(),
      addresses: () => ({}) as Addresses,
      caCertificate: "",
      gateway: undefined,
    });
    this.port = Number(new URL(this.server.url).port);
  }

  async stop(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  private state(): ConsoleState {
    const at = Date.now();
    const lagHistory = this.lags.map<LagPoint>((lag, index) => ({
      at: at - (this.lags.length - index) * INTERVAL_MS,
      p50Ms: lag,
      p99Ms: lag * 2,
    }));
    const figures = {
      applied: 5,
      conflicts: 0,
      delivered: 5,
      failedBatches: 0,
      quarantined: this.quarantine.messages.size,
      onFailure: 0,
    };
    const direction = { ...figures, lagP50Ms: 40, lagP99Ms: 90, lagMs: 0, lastError: undefined };
    const addresses = {
      api: "http://127.0.0.1:9",
      ui: undefined,
      dynamodb: "http://127.0.0.1:9",
      table: this.table,
    };
    return {
      at,
      stack: "ireland",
      problem: this.problem,
      domain: "tickets.test",
      speed: 10,
      queueCountLagSeconds: 6,
      regions: this.regions.all().map(({ name, code, state }, index) => ({
        ...addresses,
        name,
        code,
        state,
        role: name === this.primary ? "primary" : "secondary",
        tickets: state === "down" ? undefined : this.tickets,
        takenOver: state === "down" ? undefined : index === 1 && this.singaporeHasTakenOver,
      })),
      names: [
        { name: "api.tickets.test", answer: "127.0.0.12", region: "singapore", isEdge: false },
        { name: "app.tickets.test", answer: "127.0.0.10", region: undefined, isEdge: true },
      ],
      healthChecks: [
        {
          name: "routing-ireland",
          target: "https://ireland.tickets.test/health",
          healthy: false,
          lastResult: "refused",
          about: "health",
          means: "unhealthy",
        },
        {
          name: "routing-singapore-takeover",
          target: "https://singapore.tickets.test/routing",
          healthy: !this.singaporeHasTakenOver,
          lastResult: this.singaporeHasTakenOver ? "200, matched" : "200, string not found",
          about: "takeover",
          means: this.singaporeHasTakenOver ? "taken over" : "not taken over",
        },
      ],
      replication: [
        { ...direction, from: "ireland", to: "singapore", lagHistory },
        { ...direction, from: "singapore", to: "ireland", lagHistory: [] },
      ],
      events: this.events
        .map((text, index) => ({ number: index + 1, at: 1_800_000_000_000 + index * 1000, text }))
        .reverse(),
      frontDoor: { "app.tickets.test": "http://app.localhost:4700" },
    };
  }
}
