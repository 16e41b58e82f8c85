import { batch, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Clock } from "./browser";
import { Fault, NoRegionAnswers, RegionFailure } from "./errors";
import { askHedged } from "./hedged-request";
import { Answer, askRegion, Fetch, Question, RegionalRequest } from "./region-request";
import { RegionalApi } from "./api-types";
import type { RegionalState, Standing } from "./region-standing";

/** How a client is made. Times are milliseconds. */
export interface RegionalClientOptions {
  readonly apis: readonly RegionalApi[];
  /** AWS code of the region that is preferred at first; one of `apis`. */
  readonly preferred: string;
  /** The API's failover name; absent without a domain. */
  readonly failoverUrl?: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** After so much silence the other region is asked too; 1,000 by default. */
  readonly patience?: number;
  /** A region that takes longer has not answered; 4,000 by default, which is more than a cold start takes. */
  readonly limit?: number;
}

/** What is asked of the regions. */
export interface RegionalQuestion extends RegionalRequest {
  /**
   * Whether an answer settles the matter; every answer does by default. The other region is asked after one that does not,
   * for example a 404 of a region to which the ticket may still be on its way.
   */
  readonly settles?: (answer: Answer) => boolean;
}

/** An answer, and whether it settles the matter. */
export interface RegionalAnswer extends Answer {
  readonly settled: boolean;
  /** Whether every region answered, all with this status. */
  readonly unanimous: boolean;
}

const HEALTH = { method: "GET", path: "/health" } as const;
/** The least that shows whether a region gives tickets. */
const SMALLEST = { method: "GET", path: "/tickets?limit=1" } as const;
/** After a return that did not last so long, the next one waits for more good checks. */
const LASTING = 30_000;
/** No return waits for more good checks than this. */
const MOST_CHECKS = 16;

/**
 * Asks the ticket APIs of several regions so that the loss of one is hardly noticed.
 *
 * - A request goes to the current region. When that fails, or is silent for a second, the same request goes to the other one
 *   too, and the first answer that settles the matter wins. The region that answered is the current one from then on. Writes
 *   are no exception: each carries an idempotency key or If-Match, so it can reach both regions and is done once.
 * - A 5xx is a failure, a 4xx an answer.
 * - While another region than the preferred one is current, `checkPreferred` asks that one's health and returns to it. A region
 *   that fails again soon after a return must be healthy for longer each time, so that a sick one is not returned to for ever.
 * - The preferred region is the one the page came from, until the failover name's own answer names another one
 *   (`followFailoverName`): after a takeover by an operator the page follows DNS.
 */
export class RegionalClient {
  /** How the regions stand. */
  readonly state: ReadonlySignal<RegionalState>;
  private readonly standing: Signal<RegionalState>;
  private answers = 0;
  private nameAsked: boolean;
  private goodChecks = 0;
  private checksNeeded = 1;
  private returnedAt = -Infinity;

  /** @throws Error when the preferred region is not one of the APIs. */
  constructor(private readonly options: RegionalClientOptions) {
    const preferred = options.apis.find((api) => api.code === options.preferred);
    if (!preferred)
      throw new Error(`The preferred region ${options.preferred} has no API among those given.`);
    this.nameAsked = options.failoverUrl === undefined;
    this.standing = signal({ preferred, current: preferred, located: false, offline: false, standing: {} });
    this.state = this.standing;
  }

  /**
   * Asks the current region, and the others as far as needed. The first request has left when this returns.
   * @throws NoRegionAnswers when every region failed.
   */
  async send({ settles = () => true, ...request }: RegionalQuestion): Promise<RegionalAnswer> {
    const { apis, clock } = this.options;
    const first = this.standing.peek().current;
    const answersBefore = this.answers;
    try {
      const { answer, settled, from, answered, failed } = await askHedged({
        apis: [first, ...apis.filter((api) => api !== first)],
        ask: (api) => this.ask(api, request, this.limit),
        clock,
        patience: this.patience,
        settles,
        writes: request.method !== "GET",
      });
      this.answers++;
      // At once, so that nobody sees a region that serves and fails.
      batch(() => {
        this.note([...answered.keys()], failed);
        if (failed.has(first)) this.leave(first, from);
        this.change({ offline: false, located: this.nameAsked });
      });
      const agreeing = [...answered.values()].filter(({ status }) => status === answer.status);
      return { ...answer, settled, unanimous: agreeing.length === apis.length };
    } catch (error) {
      // Another request may have been answered meanwhile.
      if (error instanceof NoRegionAnswers && this.answers === answersBefore) {
        batch(() => {
          this.note([], new Map(error.failures.map(({ api, fault }) => [api, fault])));
          this.change({ offline: true, located: this.nameAsked });
        });
      }
      throw error;
    }
  }

  /** Goes back to the preferred region when it answers for its health, unless the failover name leads elsewhere. Asks nothing while it is the current one. */
  async checkPreferred(): Promise<void> {
    const { preferred, current } = this.standing.peek();
    if (current === preferred) return;
    const isWell = (await this.servingRegion(preferred)) !== undefined;
    if (isWell) this.note([preferred]);
    this.goodChecks = isWell ? this.goodChecks + 1 : 0;
    if (this.goodChecks < this.checksNeeded || this.standing.peek().preferred !== preferred) return;
    // A takeover outlasts what caused it: where the name leads elsewhere by now, there is no return.
    await this.followFailoverName();
    if (this.standing.peek().preferred !== preferred) return;
    this.returnedAt = this.options.clock.now();
    this.change({ current: preferred });
  }

  /**
   * Asks the regions that do not serve whether they answer, so that none is said to stand by that does not. Not for their health:
   * `/health` is for those who decide about routing, and takes few requests.
   */
  async checkOthers(): Promise<void> {
    const { current } = this.standing.peek();
    const others = this.options.apis.filter((api) => api !== current);
    await Promise.all(others.map((api) => this.checkOther(api)));
  }

  /** Prefers the region that the failover name leads to now. Without that name, or its answer, all stays as it is. */
  async followFailoverName(): Promise<void> {
    const { failoverUrl, apis } = this.options;
    if (failoverUrl === undefined) return;
    const code = await this.servingRegion({ name: "failover", code: "failover", url: failoverUrl });
    this.nameAsked = true;
    const preferred = apis.find((api) => api.code === code);
    const { standing, offline, ...before } = this.standing.peek();
    const located = before.located || offline || before.current.code in standing;
    if (!preferred || preferred === before.preferred) return this.change({ located });
    this.goodChecks = 0;
    this.checksNeeded = 1;
    // It has just answered for its health.
    this.change({
      preferred,
      current: preferred,
      located,
      standing: { ...standing, [preferred.code]: "up" },
    });
  }

  private get patience(): number {
    return this.options.patience ?? 1_000;
  }

  private get limit(): number {
    return this.options.limit ?? 4_000;
  }

  private ask(api: RegionalApi, request: RegionalRequest, limit: number): Question {
    const { fetch, clock } = this.options;
    return askRegion({ fetch, clock, limit }, api, request);
  }

  private async checkOther(api: RegionalApi): Promise<void> {
    try {
      await this.ask(api, SMALLEST, this.limit).answer;
      this.note([api]);
    } catch (error) {
      if (!(error instanceof RegionFailure)) throw error;
      this.note([], new Map([[api, error.fault]]));
    }
  }

  /** Remembers which regions answered just now, and how the others failed. */
  private note(answered: readonly RegionalApi[], failed: ReadonlyMap<RegionalApi, Fault> = new Map()): void {
    const before = this.standing.peek().standing;
    const now: Record<string, Standing> = { ...before };
    for (const [{ code }, fault] of failed) now[code] = fault;
    for (const { code } of answered) now[code] = "up";
    if (Object.keys(now).some((code) => now[code] !== before[code])) this.change({ standing: now });
  }

  /** AWS code of the region that answers for its health there; undefined when none does. */
  private async servingRegion(api: RegionalApi): Promise<string | undefined> {
    try {
      const { status, servedBy } = await this.ask(api, HEALTH, this.patience).answer;
      return status === 200 ? servedBy : undefined;
    } catch (error) {
      if (error instanceof RegionFailure) return undefined;
      throw error;
    }
  }

  private leave(region: RegionalApi, next: RegionalApi): void {
    const { current, preferred } = this.standing.peek();
    if (current !== region) return;
    if (region === preferred) {
      const lasted = this.options.clock.now() - this.returnedAt >= LASTING;
      this.checksNeeded = lasted ? 1 : Math.min(this.checksNeeded * 2, MOST_CHECKS);
      this.goodChecks = 0;
    }
    this.change({ current: next });
  }

  private change(changes: Partial<RegionalState>): void {
    const before = this.standing.peek();
    const keys = Object.keys(changes) as (keyof RegionalState)[];
    if (keys.some((key) => before[key] !== changes[key])) this.standing.value = { ...before, ...changes };
  }
}
