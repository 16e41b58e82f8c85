import { heartbeatIds, lagProbeIds, routingId, sentinelId } from "../functions/shared/reserved-items";
import { isLive } from "../functions/tickets/ticket";
import {
  isTextField,
  TICKET_ATTRIBUTES,
  TICKET_FIELDS,
  TicketField,
  TicketFields,
} from "../functions/tickets/ticket-attributes";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../testing/tickets";
import { ClientRequest, Ledger } from "./ledger";
import { Link } from "./link";
import { Network, turns } from "./network";
import { reconcileRegions } from "./reconcile";
import { SimulatedRegion } from "./region";
import type { Rules } from "./rules";
import type { Fate, Poison, Step } from "./steps";
import { SimulatedPoller } from "./simulated-poller";

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;
/** Maximum time between two reconciliations, in milliseconds. It must be shorter than the TTL of a tombstone. */
const LONGEST_UNRECONCILED_MS = 14 * DAY_MS;
const DRAIN_BATCH = { size: 10, itemsReversed: false, fates: [] };

/** Two regions with replication in both directions, driven step by step. The same steps always have the same result. */
export class Simulation {
  readonly ledger = new Ledger();
  readonly regions: readonly [SimulatedRegion, SimulatedRegion];
  private readonly links: readonly [Link, Link];
  /** Pollers by region and lane. */
  private readonly pollers: readonly (readonly SimulatedPoller[])[];
  private time = NOW;
  private reconciledAt = NOW;
  /** Whether a record expired before it was replicated since the last reconciliation. */
  private mustReconcile = false;
  private created = 0;
  /** Requests with an idempotency key or If-Match, which clients may repeat. */
  private readonly repeatable: ClientRequest[] = [];

  constructor(private readonly rules: Rules) {
    const { ledger } = this;
    const shared = { ledger, rules, time: () => this.time, newId: () => this.newId() };
    const ireland = new SimulatedRegion(IRELAND, shared);
    const singapore = new SimulatedRegion(SINGAPORE, shared);
    this.regions = [ireland, singapore];
    this.links = [new Link(ireland, singapore, shared), new Link(singapore, ireland, shared)];
    this.pollers = this.links.map((link) =>
      link.source.stream.lanes.map((lane) => new SimulatedPoller(lane, link)),
    );
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.take(step);
  }

  /** Restores the links, delivers all records, and reconciles if a record expired before it was replicated. */
  async settle(): Promise<void> {
    this.cut(false);
    await this.drain();
    if (this.mustReconcile) await this.reconcile();
    await this.drain();
  }

  /** Delivers both streams again from their start, as a new mapping at TRIM_HORIZON does. */
  async deliverAllAgain(): Promise<void> {
    for (const poller of this.pollers.flat())
      await poller.deliverAgain(0, { ...DRAIN_BATCH, size: Infinity });
  }

  /** Reconciles without failures. */
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

  /** Delivers all records. @throws Error if that takes more rounds than the number of writes can need. */
  private async drain(): Promise<void> {
    const records =
      2 * this.ledger.clientWrites.length + this.ledger.poisoned.length + this.ledger.forged.length;
    const bound = 2 * Math.ceil(records / DRAIN_BATCH.size) + 8;
    const pollers = this.pollers.flat();
    for (let round = 0; !pollers.every((poller) => poller.isDrained); round++) {
      if (round > bound) throw new Error(`The streams were not drained within ${bound} rounds.`);
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
        return this.send(step, {
          what: "create",
          body: ticketBody(step.value),
          key: step.key === undefined ? undefined : `key-${step.key}`,
        });
      case "edit":
        return this.send(step, { what: "edit", ...this.ticketAt(step), body: ticketBody(step.value) });
      case "delete":
        return this.send(step, { what: "delete", ...this.ticketAt(step) });
      case "repeat":
        return this.repeat(step);
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

  /** Sends a client's request, and keeps it for repetition if that is safe. */
  private send(
    { region, fate }: { readonly region: number; readonly fate: Fate },
    request: ClientRequest,
  ): Promise<void> {
    if (request.key !== undefined || request.version !== undefined) this.repeatable.push(request);
    return this.regions[region].request(request, fate);
  }

  private async repeat(step: Extract<Step, { readonly kind: "repeat" }>): Promise<void> {
    const { length } = this.repeatable;
    if (length > 0)
      await this.regions[step.region].request(this.repeatable[step.request % length], step.fate);
  }

  private async takeLater(step: Step, after: number): Promise<void> {
    await turns(after);
    await this.take(step);
  }

  /** Lets time pass: stream records expire, and the operator reconciles in time. */
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

  /** Writes an item that can never be applied in the other region. */
  private poison({ table, region }: SimulatedRegion, poison: Poison): void {
    if (poison === "forged") return this.forge(table, region);
    const id = idOf(1_000_000 + this.ledger.poisoned.length);
    const version =
      poison === "malformed" ? "yesterday" : versionAt(poison === "refused" ? 0 : YEAR_MS, region);
    this.ledger.poisoned.push(id);
    table.write(ticketItem({ id, origin: region, version }));
  }

  /** Writes a reserved item with the replication attributes of a ticket. */
  private forge(table: SimulatedRegion["table"], region: string): void {
    const other = region === IRELAND ? SINGAPORE : IRELAND;
    const { forged } = this.ledger;
    const ids = [
      routingId(other),
      heartbeatIds(other)[1],
      lagProbeIds(other)[1],
      sentinelId(other),
      routingId(region),
    ];
    const id = ids[forged.length % ids.length];
    forged.push({ id, region });
    table.write(ticketItem({ id, origin: region, version: versionAt(forged.length, region) }));
  }

  private newId(): string {
    return idOf(++this.created);
  }

  /**
   * Returns the id of a ticket that a client may know, or of one that never exists. Adds the region's version of it for a
   * conditional request.
   */
  private ticketAt({
    region,
    ticket,
    conditional,
  }: Extract<Step, { readonly ticket: number }>): Pick<ClientRequest, "id" | "version"> {
    const ids = [...new Set([idOf(0), ...this.ledger.clientWrites.map(({ id }) => id)])];
    const id = ids[ticket % ids.length];
    const stored = this.regions[region].table.items.get(id);
    return { id, version: conditional && isLive(stored) ? stored.version : undefined };
  }
}

/** Number of values of each attribute except the subject, so that some writes differ in their subject only. */
const OTHER_VALUES = 3;

/**
 * Returns the fields that a client enters. Each number has its own subject; the other attributes repeat. Only an assigned ticket
 * has an assignee, because the API would otherwise change the status.
 */
function ticketBody(number: number): TicketFields {
  const entered = TICKET_FIELDS.map((field) => [field, valueOf(field, number % OTHER_VALUES)]);
  const fields = { ...(Object.fromEntries(entered) as TicketFields), subject: `Subject ${number}` };
  return fields.status === "assigned" ? fields : { ...fields, assignee: "" };
}

function valueOf(field: TicketField, number: number): string {
  if (isTextField(field)) return `${TICKET_ATTRIBUTES[field].label} ${number}`;
  const { choices } = TICKET_ATTRIBUTES[field];
  return choices[number % choices.length];
}
