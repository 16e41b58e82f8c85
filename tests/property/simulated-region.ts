import type { DynamoDBRecord } from "aws-lambda";
import type { Operation } from "../../functions/api";
import { isProblem } from "../../functions/problem";
import { createTicketOperation } from "../../functions/tickets/create";
import { deleteTicketOperation } from "../../functions/tickets/delete";
import { StoredTicket } from "../../functions/tickets/ticket";
import { updateTicketOperation } from "../../functions/tickets/update";
import { call } from "../support/api-calls";
import { MemoryTable } from "../support/memory-table";
import { streamRecordOf } from "../support/stream-records";
import type { Ledger } from "./ledger";
import type { RuleContext, Rules } from "./rules";

/** What a region shares with the other. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly rules: Rules;
  /** The true time in milliseconds since 1970. */
  readonly time: () => number;
  readonly newId: () => string;
}

/** A region of the simulation: a clock, a table with its stream, and the API's real operations. */
export class SimulatedRegion implements RuleContext {
  readonly table = new MemoryTable();
  /** The whole stream since the beginning. */
  readonly stream: DynamoDBRecord[] = [];
  /** How far the clock is off, in milliseconds. */
  skew = 0;
  readonly now = (): number => this.surroundings.time() + this.skew;
  private readonly operations: Readonly<Record<"create" | "edit" | "delete", Operation>>;

  constructor(
    readonly region: string,
    private readonly surroundings: Surroundings,
  ) {
    this.table.onChange = (change) => {
      if (JSON.stringify(change.before) === JSON.stringify(change.after)) return;
      this.stream.push(streamRecordOf(change, this.stream.length + 1, region));
    };
    const table = {
      get: (id: string) => this.table.get(id),
      put: (item: StoredTicket, read: string | undefined) => this.put(item, read),
      newest: this.table.newest,
    };
    const context = { table, region, now: this.now, newId: surroundings.newId };
    this.operations = {
      create: createTicketOperation(context),
      edit: updateTicketOperation(context),
      delete: deleteTicketOperation(context),
    };
  }

  /** A client's request; a refusal that clients must live with is an answer like any other. */
  async request(what: "create" | "edit" | "delete", id?: string, body?: object): Promise<void> {
    try {
      await call(this.operations[what], { id, body });
    } catch (error) {
      if (!isProblem(error) || ![404, 409].includes(error.problem.status)) throw error;
    }
  }

  /** Takes an item from the other region, as the target table's conditional put does. */
  take(incoming: StoredTicket): "applied" | "stale" {
    const { ledger, rules } = this.surroundings;
    if (incoming.origin === this.region) ledger.broughtHome.push(incoming);
    const replaced = this.table.items.get(incoming.id);
    if (!rules.replaces(incoming, replaced)) return "stale";
    ledger.applied.push({ incoming, replaced, region: this.region });
    this.table.write(rules.stored(this, incoming));
    return "applied";
  }

  private async put(item: StoredTicket, read: string | undefined): Promise<boolean> {
    const { ledger, rules } = this.surroundings;
    const written = await rules.put(this, item, read);
    if (!written) return false;
    const { id, version } = written;
    const deleted = written.deleted === true;
    ledger.clientWrites.push({ id, version, region: this.region, parent: read, deleted });
    return true;
  }
}
