import { STATUSES, TicketItem } from "../../functions/tickets/ticket";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../support/tickets";
import { Ledger } from "./ledger";
import type { Rules } from "./rules";
import { SimulatedRegion } from "./simulated-region";
import type { Step } from "./steps";
import { StreamPoller } from "./stream-poller";

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const DRAIN_BATCH = { size: 10, itemsReversed: false, fates: [] };

/** Two regions with replication each way, driven step by step; the same steps always give the same end. */
export class Simulation {
  readonly ledger = new Ledger();
  readonly regions: readonly [SimulatedRegion, SimulatedRegion];
  private readonly pollers: readonly [StreamPoller, StreamPoller];
  private time = NOW;
  /** The first id is one that nobody ever creates. */
  private readonly ids = [idOf(0)];

  constructor(rules: Rules) {
    const { ledger } = this;
    const surroundings = { ledger, rules, time: () => this.time, newId: () => this.newId() };
    const ireland = new SimulatedRegion(IRELAND, surroundings);
    const singapore = new SimulatedRegion(SINGAPORE, surroundings);
    this.regions = [ireland, singapore];
    this.pollers = [
      new StreamPoller(ireland, singapore, surroundings),
      new StreamPoller(singapore, ireland, surroundings),
    ];
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.take(step);
  }

  /**
   * Mends the link and delivers everything.
   * @throws Error when the streams do not come to rest within as many rounds as the clients' writes can need.
   */
  async drain(): Promise<void> {
    this.pollers.forEach((poller) => (poller.cut = false));
    const records = 2 * this.ledger.clientWrites.length + this.ledger.poisoned.length;
    const bound = 2 * Math.ceil(records / DRAIN_BATCH.size) + 2;
    for (let round = 0; !this.pollers.every((poller) => poller.isDrained); round++) {
      if (round > bound) throw new Error(`The streams did not come to rest within ${bound} rounds.`);
      for (const poller of this.pollers) await poller.deliver(DRAIN_BATCH);
    }
  }

  /** Delivers both streams once more from their beginning, as a new mapping at TRIM_HORIZON does. */
  async deliverAllAgain(): Promise<void> {
    for (const [index, poller] of this.pollers.entries())
      await poller.deliverAgain(0, { ...DRAIN_BATCH, size: this.regions[index].stream.length });
  }

  /** Lets TTL purge every tombstone in both regions. */
  purgeTombstones(): void {
    for (const { table } of this.regions)
      for (const item of [...table.items.values()]) if (item.deleted) table.remove(item.id);
  }

  private async take(step: Step): Promise<void> {
    if (step.kind === "time passes") this.time += step.milliseconds;
    else if (step.kind === "clock") this.regions[step.region].skew = step.skew;
    else if (step.kind === "create")
      await this.regions[step.region].request("create", undefined, ticketBody(0));
    else if (step.kind === "edit")
      await this.regions[step.region].request("edit", this.idAt(step.ticket), ticketBody(step.value));
    else if (step.kind === "delete")
      await this.regions[step.region].request("delete", this.idAt(step.ticket));
    else if (step.kind === "deliver") await this.pollers[step.region].deliver(step.batch);
    else if (step.kind === "deliver again")
      await this.pollers[step.region].deliverAgain(step.from, step.batch);
    else if (step.kind === "link") this.pollers.forEach((poller) => (poller.cut = step.cut));
    else if (step.kind === "poison") this.poison(this.regions[step.region], step.malformed);
    else await Promise.all(step.steps.map((delayed) => this.takeLater(delayed.step, delayed.after)));
  }

  private async takeLater(step: Step, turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await this.take(step);
  }

  /** Puts an item into a table with a version of next year, or with none that can be read. */
  private poison({ table, region }: SimulatedRegion, malformed: boolean): void {
    const id = idOf(1_000_000 + this.ledger.poisoned.length);
    const version = malformed ? "yesterday" : versionAt(YEAR_MS, region);
    this.ledger.poisoned.push(id);
    table.write(ticketItem({ id, origin: region, version }));
  }

  private newId(): string {
    this.ids.push(idOf(this.ids.length));
    return this.ids[this.ids.length - 1];
  }

  private idAt(ticket: number): string {
    return this.ids[ticket % this.ids.length];
  }
}

function ticketBody(value: number): Pick<TicketItem, "subject" | "status"> {
  return { subject: `Subject ${value}`, status: STATUSES[value % STATUSES.length] };
}
