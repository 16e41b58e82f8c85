import type { Operation } from "../functions/api";
import type { ConflictEntry } from "../functions/replication/conflict-entry";
import { isProblem } from "../functions/problem";
import { createTicketOperation } from "../functions/tickets/create";
import { deleteTicketOperation } from "../functions/tickets/delete";
import type { StoredTicket } from "../functions/tickets/ticket";
import { updateTicketOperation } from "../functions/tickets/update";
import { call } from "../tests/support/api-calls";
import { MemoryTable } from "../tests/support/memory-table";
import { streamRecordOf } from "../tests/support/stream-records";
import type { Ledger } from "./ledger";
import { Network, SimulatedFailure } from "./network";
import type { RuleContext, Rules } from "./rules";
import type { Fate } from "./steps";
import { Stream } from "./stream";

/** What a region shares with the other. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly rules: Rules;
  /** The true time in milliseconds since 1970. */
  readonly time: () => number;
  readonly newId: () => string;
}

/** A client's request. */
export interface ClientRequest {
  readonly what: "create" | "edit" | "delete";
  readonly id?: string;
  readonly body?: object;
  /** What becomes of the first write that it makes. */
  readonly fate: Fate;
}

/** A region of the simulation: a clock, a table with its stream, and the API's real operations. */
export class SimulatedRegion implements RuleContext {
  readonly table = new MemoryTable();
  readonly stream = new Stream();
  /** The conflict table: entries by `<id> <losing version>`. */
  readonly conflicts = new Map<string, ConflictEntry>();
  /** How far the clock is off, in milliseconds. */
  skew = 0;
  readonly now = (): number => this.surroundings.time() + this.skew;

  constructor(
    readonly region: string,
    private readonly surroundings: Surroundings,
  ) {
    this.table.onChange = (change) => {
      if (JSON.stringify(change.before) === JSON.stringify(change.after)) return;
      const { id } = (change.after ?? change.before) as StoredTicket;
      this.stream.push(id, surroundings.time(), (number) => streamRecordOf(change, number, region));
    };
  }

  /** Answers a client's request; a refusal that clients must live with is an answer like any other. */
  async request({ what, id, body, fate }: ClientRequest): Promise<void> {
    const network = new Network([fate], () => false);
    try {
      await Promise.race([call(this.operation(what, network), { id, body }), network.crashed]);
    } catch (error) {
      const isRefusal = isProblem(error) && [404, 409].includes(error.problem.status);
      if (!isRefusal && !(error instanceof SimulatedFailure)) throw error;
    }
  }

  /** Lets TTL purge tombstones: those that have expired, or all. */
  purgeTombstones(which: "expired" | "all"): void {
    for (const item of [...this.table.items.values()])
      if (item.deleted && (which === "all" || this.mayPurge(item))) {
        this.surroundings.ledger.purge(item.id, item.version);
        this.table.remove(item.id);
      }
  }

  /** Whether an item is an expired tombstone, which TTL purges in each region whenever it gets to it. */
  mayPurge(item: StoredTicket): boolean {
    return item.deleted === true && item.expiresAt * 1000 <= this.surroundings.time();
  }

  private operation(what: ClientRequest["what"], network: Network): Operation {
    const { region, now, surroundings } = this;
    const table = {
      get: (id: string) => this.table.get(id),
      put: (item: StoredTicket, read: string | undefined) => this.put(item, read, network),
      newest: this.table.newest,
    };
    const context = { table, region, now, newId: surroundings.newId };
    if (what === "create") return createTicketOperation(context);
    return what === "edit" ? updateTicketOperation(context) : deleteTicketOperation(context);
  }

  /** A client's conditional put. As the SDK does, it tries again when the answer was lost. */
  private async put(item: StoredTicket, read: string | undefined, network: Network): Promise<boolean> {
    const attempt = (): Promise<boolean> => network.call(() => this.putOnce(item, read));
    try {
      return await attempt();
    } catch (error) {
      if ((error as Error).name === "TimeoutError") return attempt();
      throw error;
    }
  }

  private async putOnce(item: StoredTicket, read: string | undefined): Promise<boolean> {
    const { ledger, rules } = this.surroundings;
    const written = await rules.put(this, item, read);
    if (!written) return false;
    const { id, version } = written;
    ledger.clientWrites.push({ id, version, region: this.region, parent: read, item: written });
    return true;
  }
}
