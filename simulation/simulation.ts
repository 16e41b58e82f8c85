import { STATUSES, TicketItem } from "../functions/tickets/ticket";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../tests/support/tickets";
import { Ledger } from "./ledger";
import { Link } from "./link";
import { Network, turns } from "./network";
import { reconcileRegions } from "./reconcile";
import { SimulatedRegion } from "./region";
import type { Rules } from "./rules";
import type { Poison, Step } from "./steps";
import { StreamPoller } from "./stream-poller";

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;
/** The longest that an operator leaves the regions cut off or unreconciled; a tombstone must live longer. */
const LONGEST_UNRECONCILED_MS = 14 * DAY_MS;
const DRAIN_BATCH = { size: 10, itemsReversed: false, fates: [] };

/** Two regions with replication each way, driven step by step; the same steps always give the same end. */
export class Simulation {
  readonly ledger = new Ledger();
  readonly regions: readonly [SimulatedRegion, SimulatedRegion];
  private readonly links: readonly [Link, Link];
  /** For each region's stream, one for each lane. */
  private readonly pollers: readonly (readonly StreamPoller[])[];
  private time = NOW;
  private reconciledAt = NOW;
  /** Whether a stream dropped a record that was not replicated, since the last reconciliation. */
  private mustReconcile = false;
  private created = 0;

  constructor(private readonly rules: Rules) {
    const { ledger } = this;
    const surroundings = { ledger, rules, time: () => this.time, newId: () => this.newId() };
    const ireland = new SimulatedRegion(IRELAND, surroundings);
    const singapore = new SimulatedRegion(SINGAPORE, surroundings);
    this.regions = [ireland, singapore];
    this.links = [new Link(ireland, singapore, surroundings), new Link(singapore, ireland, surroundings)];
    this.pollers = this.links.map((link) =>
      link.source.stream.lanes.map((lane) => new StreamPoller(lane, link)),
    );
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.take(step);
  }

  /** Mends the link, delivers everything, and reconciles when a stream has dropped what nobody had replicated. */
  async settle(): Promise<void> {
    this.cut(false);
    await this.drain();
    if (this.mustReconcile) await this.reconcile();
    await this.drain();
  }

  /** Delivers both streams once more from where they begin, as a new mapping at TRIM_HORIZON does. */
  async deliverAllAgain(): Promise<void> {
    for (const poller of this.pollers.flat())
      await poller.deliverAgain(0, { ...DRAIN_BATCH, size: Infinity });
  }

  /** Reconciles as an operator does who waits until it can be done. */
  async reconcile(): Promise<void> {
    await this.tryToReconcile(new Network([], () => false));
  }

  private async tryToReconcile(network: Network): Promise<void> {
    const { time, mustReconcile } = this;
    this.mustReconcile = false;
    const isDone = await Promise.race([
      reconcileRegions(this.links, this.rules, network, () => this.time),
      network.crashed,
    ]);
    if (isDone) this.reconciledAt = time;
    else this.mustReconcile ||= mustReconcile;
  }

  /** @throws Error when the streams do not come to rest within as many rounds as the clients' writes can need. */
  private async drain(): Promise<void> {
    const records = 2 * this.ledger.clientWrites.length + this.ledger.poisoned.length;
    const bound = 2 * Math.ceil(records / DRAIN_BATCH.size) + 8;
    const pollers = this.pollers.flat();
    for (let round = 0; !pollers.every((poller) => poller.isDrained); round++) {
      if (round > bound) throw new Error(`The streams did not come to rest within ${bound} rounds.`);
      for (const poller of pollers) await poller.deliver(DRAIN_BATCH);
    }
  }

  private async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "time passes":
        return this.pass(step.milliseconds);
      case "clock":
        return void (this.regions[step.region].skew = step.skew);
      case "create":
        return this.regions[step.region].request({ what: "create", body: ticketBody(0), fate: step.fate });
      case "edit": {
        const body = ticketBody(step.value);
        return this.regions[step.region].request({
          what: "edit",
          id: this.idAt(step),
          body,
          fate: step.fate,
        });
      }
      case "delete":
        return this.regions[step.region].request({ what: "delete", id: this.idAt(step), fate: step.fate });
      case "purge":
        return this.regions[step.region].purgeTombstones("expired");
      case "deliver":
        return this.pollers[step.region][step.lane].deliver(step.batch);
      case "deliver again":
        return this.pollers[step.region][step.lane].deliverAgain(step.from, step.batch);
      case "reconcile":
        return this.tryToReconcile(new Network(step.fates, () => this.links[0].isCut));
      case "link":
        return this.cut(step.cut);
      case "poison":
        return this.poison(this.regions[step.region], step.poison);
      case "together":
        await Promise.all(step.steps.map((delayed) => this.takeLater(delayed.step, delayed.after)));
    }
  }

  private async takeLater(step: Step, after: number): Promise<void> {
    await turns(after);
    await this.take(step);
  }

  /** Lets time pass; streams drop what they need not keep, and the operator reconciles in time. */
  private async pass(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    for (const lane of this.regions.flatMap(({ stream }) => stream.lanes))
      for (const { dynamodb } of lane.trim(this.time)) {
        this.ledger.dropped.add(dynamodb?.Keys?.id.S ?? "");
        this.mustReconcile = true;
      }
    if (this.time - this.reconciledAt <= LONGEST_UNRECONCILED_MS) return;
    await this.reconcile();
  }

  private cut(isCut: boolean): void {
    for (const link of this.links) link.isCut = isCut;
  }

  /** Puts an item into a table that can never be applied in the other region. */
  private poison({ table, region }: SimulatedRegion, poison: Poison): void {
    const id = idOf(1_000_000 + this.ledger.poisoned.length);
    const version =
      poison === "malformed" ? "yesterday" : versionAt(poison === "refused" ? 0 : YEAR_MS, region);
    this.ledger.poisoned.push(id);
    table.write(ticketItem({ id, origin: region, version }));
  }

  private newId(): string {
    return idOf(++this.created);
  }

  /** A ticket that is stored somewhere, so that clients can know of it, or the first one, which nobody ever creates. */
  private idAt({ ticket }: { readonly ticket: number }): string {
    const ids = [...new Set([idOf(0), ...this.ledger.clientWrites.map(({ id }) => id)])];
    return ids[ticket % ids.length];
  }
}

function ticketBody(value: number): Pick<TicketItem, "subject" | "status"> {
  return { subject: `Subject ${value}`, status: STATUSES[value % STATUSES.length] };
}
