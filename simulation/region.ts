import type { Operation } from "../functions/http/api";
import type { ConflictEntry } from "../functions/replication/conflict-entry";
import { isProblem } from "../functions/http/problem";
import type { FoundItem, StoredTicket, Ticket } from "../functions/tickets/ticket";
import { call } from "../testing/api-calls";
import { MemoryTable } from "../testing/memory-table";
import { streamRecordOf } from "../testing/stream-records";
import { keyOf, type ClientRequest, type Ledger } from "./ledger";
import { Network, SimulatedFailure } from "./network";
import type { RuleContext, Rules } from "./rules";
import type { Fate } from "./steps";
import { SimulatedStream } from "./simulated-stream";

/** State that both regions share. */
export interface SharedState {
  readonly ledger: Ledger;
  readonly rules: Rules;
  /** Returns the true time in milliseconds since 1970. */
  readonly time: () => number;
  readonly newId: () => string;
}

/** Statuses of expected rejections. */
const EXPECTED_REJECTIONS: readonly number[] = [404, 409, 412, 422];

/** Simulated region: a clock, a table with its stream, and the real operations of the API. */
export class SimulatedRegion implements RuleContext {
  readonly table = new MemoryTable();
  readonly stream = new SimulatedStream();
  /** Conflict table: entries by `<id> <losing version>`. */
  readonly conflicts = new Map<string, ConflictEntry>();
  /** Error of the clock, in milliseconds. */
  skew = 0;
  readonly now = (): number => this.shared.time() + this.skew;

  constructor(
    readonly region: string,
    private readonly shared: SharedState,
  ) {
    this.table.onChange = (change) => {
      if (JSON.stringify(change.before) === JSON.stringify(change.after)) return;
      const { id } = (change.after ?? change.before) as StoredTicket;
      this.stream.push(id, shared.time(), (number) => streamRecordOf(change, number, region));
    };
  }

  /**
   * Handles a client's request and records the response or the expected rejection.
   * @param fate of the first write of the request.
   */
  async request(request: ClientRequest, fate: Fate): Promise<void> {
    const { id, body, key, version } = request;
    const network = new Network([fate], () => false);
    let read: StoredTicket | undefined;
    let written: StoredTicket | undefined;
    const headers = { "idempotency-key": key, "if-match": version && `"${version}"` };
    try {
      const answer = call(
        this.operation(
          request,
          network,
          (item) => (read = item),
          (item) => (written = item),
        ),
        { id, body, headers },
      );
      const response = await Promise.race([answer, network.crashed]);
      const ticket = response?.body as Ticket | undefined;
      const item = written ?? read;
      if (response) this.shared.ledger.answers.push({ request, ticket, item, time: this.now() });
    } catch (error) {
      if (error instanceof SimulatedFailure) return;
      if (!isProblem(error) || !EXPECTED_REJECTIONS.includes(error.problem.status)) throw error;
      const { status } = error.problem;
      this.shared.ledger.refusals.push({ request, status, read, time: this.now() });
    }
  }

  /** Purges expired tombstones, or all tombstones, as TTL does. */
  purgeTombstones(which: "expired" | "all"): void {
    for (const item of [...this.table.items.values()])
      if (item.deleted && (which === "all" || this.mayPurge(item))) {
        this.shared.ledger.recordPurge(item.id, item.version);
        this.table.remove(item.id);
      }
  }

  /** Returns whether an item is an expired tombstone. TTL purges it at any later time, independently in each region. */
  mayPurge(item: StoredTicket): boolean {
    return item.deleted === true && item.expiresAt * 1000 <= this.shared.time();
  }

  /**
   * @param onRead receives each item that is read, unchanged.
   * @param onWritten receives each item that is written.
   */
  private operation(
    request: ClientRequest,
    network: Network,
    onRead: (item: StoredTicket | undefined) => void,
    onWritten: (item: StoredTicket) => void,
  ): Operation {
    const { region, now, shared } = this;
    const table = {
      get: async (id: string) => {
        const item = await this.table.get(id);
        onRead(item);
        return item;
      },
      put: async (item: StoredTicket, read: FoundItem | undefined) => {
        const isWritten = await this.put(item, read?.version, request, network);
        if (isWritten) onWritten(item);
        return isWritten;
      },
    };
    const hasConflict = async (id: string, losingVersion: string): Promise<boolean> =>
      this.conflicts.has(keyOf({ id, losingVersion }));
    return shared.rules.operations[request.what]({ table, region, now, newId: shared.newId, hasConflict });
  }

  /** Conditional put of a client. Like the SDK, retries if the response was lost. */
  private async put(
    item: StoredTicket,
    read: string | undefined,
    request: ClientRequest,
    network: Network,
  ): Promise<boolean> {
    const attempt = (): Promise<boolean> => network.call(() => this.putOnce(item, read, request));
    try {
      return await attempt();
    } catch (error) {
      if ((error as Error).name === "TimeoutError") return attempt();
      throw error;
    }
  }

  private async putOnce(
    item: StoredTicket,
    read: string | undefined,
    request: ClientRequest,
  ): Promise<boolean> {
    const { ledger, rules } = this.shared;
    const written = await rules.put(this, item, read);
    if (!written) return false;
    const { id, version } = written;
    ledger.clientWrites.push({ id, version, region: this.region, parent: read, item: written, request });
    return true;
  }
}
