import type { ReceivedResponse } from "../../cli/http-request";
import type { AcknowledgedWrite, Sample } from "../observations";
import { type ClientName, KEEP_ALIVE_LABELS, type KeepAliveClientName } from "../scenario";
import type { DrillTickets } from "./drill-tickets";

/** A request to the tickets API. */
export interface TicketRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Client of the tickets API in both regions. */
export interface TicketClient {
  /** @throws Error with a short reason when there is no response. */
  call(request: TicketRequest): Promise<ReceivedResponse>;
}

/** Options of the traffic. */
export interface TrafficOptions {
  /** Pause between two requests of a client, in milliseconds. */
  readonly intervalMs: number;
  /** Records the id of every ticket before it is created. */
  readonly tickets: DrillTickets;
  /** Returns the alias of the region with an AWS code. */
  readonly aliasOf: (code: string | undefined) => string | undefined;
  readonly onAcknowledged: (write: AcknowledgedWrite) => void;
}

/** A request and its kind in the report. */
type DrillRequest = TicketRequest & { readonly kind: Sample["kind"] };

/** Of one status, which takes a third of the queries of a list of all tickets. */
const READ: DrillRequest = { kind: "read", method: "GET", path: "/tickets?status=open&limit=5" };
/** Maximum requests in flight per client, so that they do not accumulate while a region is slow. */
const MAXIMUM_IN_FLIGHT = 20;
/** Every fourth write of a client edits its newest ticket; the others create tickets. */
const EDIT_EVERY = 4;

/** The clients with keep-alive only read, and at a quarter of the pace: they show where connections go, not how fast a failover is. */
const KEEP_ALIVE_PACE = 4;

/** A client of the drill. */
type AnyClient = ClientName | KeepAliveClientName;

/** Requests of the clients at fixed intervals, sent whether or not the previous ones were answered. */
export class Traffic {
  readonly samples: Sample[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly lastOf = new Map<AnyClient, Pick<AcknowledgedWrite, "id" | "version">>();
  private readonly writes = new Map<AnyClient, number>();

  constructor(private readonly options: TrafficOptions) {}

  start(clients: Readonly<Record<AnyClient, TicketClient>>): void {
    const { intervalMs } = this.options;
    const turns: Readonly<Record<AnyClient, (turn: number) => DrillRequest>> = {
      writer: () => this.nextWrite("writer"),
      reader: () => READ,
      page: (turn) => (turn % 2 === 0 ? READ : this.nextWrite("page")),
      keepAlive: () => READ,
      keepAliveWithRules: () => READ,
    };
    for (const name of Object.keys(turns) as AnyClient[]) {
      const ownInFlight = new Set<Promise<void>>();
      let turn = 0;
      const tick = (): void => {
        if (ownInFlight.size >= MAXIMUM_IN_FLIGHT) return;
        const request = this.send(name, clients[name], turns[name](turn++));
        for (const set of [ownInFlight, this.inFlight]) {
          set.add(request);
          void request.finally(() => set.delete(request));
        }
      };
      const pace = name in KEEP_ALIVE_LABELS ? KEEP_ALIVE_PACE : 1;
      this.timers.push(setInterval(tick, intervalMs * pace));
    }
  }

  /** Stops sending and waits for the requests in flight, which have their own timeouts. */
  async stop(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await Promise.all(this.inFlight);
    this.samples.sort((left, right) => left.at - right.at);
  }

  private nextWrite(client: ClientName): DrillRequest {
    const last = this.lastOf.get(client);
    const write = (this.writes.get(client) ?? 0) + 1;
    this.writes.set(client, write);
    const description = `Write ${write} of the ${client}`;
    if (last && write % EDIT_EVERY === 0) {
      const edited = { "if-match": `"${last.version}"` };
      return {
        kind: "edit",
        method: "PATCH",
        path: `/tickets/${last.id}`,
        body: { description },
        headers: edited,
      };
    }
    const request = this.options.tickets.newRequest(description);
    return { kind: "create", method: "POST", path: "/tickets", ...request };
  }

  /** Never rejects. */
  private async send(
    client: AnyClient,
    via: TicketClient,
    { kind, ...request }: DrillRequest,
  ): Promise<void> {
    const at = Date.now();
    const start = performance.now();
    const sample = (part: Pick<Sample, "ok" | "region" | "result">): void => {
      this.samples.push({ client, kind, at, milliseconds: Math.round(performance.now() - start), ...part });
    };
    try {
      const response = await via.call(request);
      const region = this.options.aliasOf(response.servedBy);
      const ok = response.status < 400;
      if (ok && kind !== "read") this.acknowledge(client, kind, response, region);
      // A ticket that has not replicated yet causes 404 or 412. That is a response, not an outage.
      const isBehind = kind === "edit" && (response.status === 404 || response.status === 412);
      if (isBehind) this.lastOf.delete(client);
      sample({ ok: ok || isBehind, region, result: String(response.status) });
    } catch (error) {
      sample({ ok: false, region: undefined, result: (error as Error).message });
    }
  }

  private acknowledge(
    client: AnyClient,
    kind: "create" | "edit",
    { body }: ReceivedResponse,
    region: string | undefined,
  ): void {
    const { id, version } = body as { id: string; version: string };
    this.options.tickets.add(id);
    this.lastOf.set(client, { id, version });
    this.options.onAcknowledged({ id, kind, version, at: Date.now(), region: region ?? "unknown" });
  }
}
