import type { DrillTickets } from "./drill-tickets";
import type { AcknowledgedWrite, Sample } from "./observations";
import type { TicketClient, TicketRequest } from "./ticket-client";
import type { ClientName } from "./scenario";
import type { ApiAnswer } from "../cli/http-request";

/** What traffic needs. */
export interface TrafficOptions {
  /** Milliseconds between two requests of a client. */
  readonly intervalMs: number;
  /** Records the id of every ticket before it is created. */
  readonly tickets: DrillTickets;
  /** The nickname of the region with an AWS code. */
  readonly nicknameOf: (code: string | undefined) => string | undefined;
  readonly onAcknowledged: (write: AcknowledgedWrite) => void;
}

/** A request, and what it is counted as. */
type DrillRequest = TicketRequest & { readonly kind: Sample["kind"] };

const READ: DrillRequest = { kind: "read", method: "GET", path: "/tickets?limit=5" };
/** Requests of one client that may be under way at once; a slow region must not pile them up for ever. */
const IN_FLIGHT = 20;
/** Every so many writes of a client edit its newest ticket instead of making one. */
const EDIT_EVERY = 4;

/** Steady requests of three clients, each begun on time whether or not the one before was answered. */
export class Traffic {
  readonly samples: Sample[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly lastOf = new Map<ClientName, Pick<AcknowledgedWrite, "id" | "version">>();
  private readonly writes = new Map<ClientName, number>();

  constructor(private readonly options: TrafficOptions) {}

  start(clients: Readonly<Record<ClientName, TicketClient>>): void {
    const turns: Readonly<Record<ClientName, (turn: number) => DrillRequest>> = {
      writer: () => this.nextWrite("writer"),
      reader: () => READ,
      page: (turn) => (turn % 2 === 0 ? READ : this.nextWrite("page")),
    };
    for (const name of Object.keys(turns) as ClientName[]) {
      const mine = new Set<Promise<void>>();
      let turn = 0;
      const tick = (): void => {
        if (mine.size >= IN_FLIGHT) return;
        const request = this.send(name, clients[name], turns[name](turn++));
        for (const set of [mine, this.underWay]) {
          set.add(request);
          void request.finally(() => set.delete(request));
        }
      };
      this.timers.push(setInterval(tick, this.options.intervalMs));
    }
  }

  /** Sends nothing more and waits for what is under way, which has limits of its own. */
  async stop(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await Promise.all(this.underWay);
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
  private async send(client: ClientName, by: TicketClient, { kind, ...asked }: DrillRequest): Promise<void> {
    const at = Date.now();
    const start = performance.now();
    const sample = (part: Pick<Sample, "ok" | "region" | "result">): void => {
      this.samples.push({ client, kind, at, milliseconds: Math.round(performance.now() - start), ...part });
    };
    try {
      const answer = await by.call(asked);
      const region = this.options.nicknameOf(answer.servedBy);
      const ok = answer.status < 400;
      if (ok && kind !== "read") this.acknowledge(client, kind, answer, region);
      // What was written in one region may not be in the other yet: that is an answer, and no outage.
      const isBehind = kind === "edit" && (answer.status === 404 || answer.status === 412);
      if (isBehind) this.lastOf.delete(client);
      sample({ ok: ok || isBehind, region, result: String(answer.status) });
    } catch (error) {
      sample({ ok: false, region: undefined, result: (error as Error).message });
    }
  }

  private acknowledge(
    client: ClientName,
    kind: "create" | "edit",
    { body }: ApiAnswer,
    region: string | undefined,
  ): void {
    const { id, version } = body as { id: string; version: string };
    this.options.tickets.add(id);
    this.lastOf.set(client, { id, version });
    this.options.onAcknowledged({ id, kind, version, at: Date.now(), region: region ?? "unknown" });
  }
}
