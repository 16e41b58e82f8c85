import { batch, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Clock } from "./browser";
import { Fault, NoRegionResponds, RegionFailure } from "./errors";
import { sendHedged } from "./hedged-request";
import { RegionResponse, sendToRegion, Fetch, SentRequest, RegionalRequest } from "./region-request";
import { RegionalApi } from "./api-types";
import type { RegionalState, LastResult } from "./region-standing";

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
  readonly hedgeAfterMs?: number;
  /** A region that takes longer has not answered; 4,000 by default, which is more than a cold start takes. */
  readonly timeoutMs?: number;
}

/** What is asked of the regions. */
export interface ClientRequest extends RegionalRequest {
  /**
   * Whether an answer settles the matter; every answer does by default. The other region is asked after one that does not,
   * for example a 404 of a region to which the ticket may still be on its way.
   */
  readonly isConclusive?: (answer: RegionResponse) => boolean;
}

/** An answer, and whether it settles the matter. */
export interface ClientResponse extends RegionResponse {
  readonly conclusive: boolean;
  /** Whether every region answered, all with this status. */
  readonly unanimous: boolean;
}

const HEALTH = { method: "GET", path: "/health" } as const;
/** The least that shows whether a region gives tickets. */
const SMALLEST_LISTING = { method: "GET", path: "/tickets?limit=1" } as const;
/** After a return that did not last so long, the next one waits for more good checks. */
const STABLE_RETURN_MS = 30_000;
/** No return waits for more good checks than this. */
const MAX_REQUIRED_CHECKS = 16;

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
  private readonly regionalState: Signal<RegionalState>;
  private responseCount = 0;
  private failoverNameChecked: boolean;
  private healthyChecks = 0;
  private requiredChecks = 1;
  private returnedAt = -Infinity;

  /** @throws Error when the preferred region is not one of the APIs. */
  constructor(private readonly options: RegionalClientOptions) {
    const preferred = options.apis.find((api) => api.code === options.preferred);
    if (!preferred)
      throw new Error(`The preferred region ${options.preferred} has no API among those given.`);
    this.failoverNameChecked = options.failoverUrl === undefined;
    this.regionalState = signal({
      preferred,
      current: preferred,
      located: false,
      offline: false,
      lastResults: {},
    });
    this.state = this.regionalState;
  }

  /**
   * Asks the current region, and the others as far as needed. The first request has left when this returns.
   * @throws NoRegionAnswers when every region failed.
   */
  async send({ isConclusive = () => true, ...request }: ClientRequest): Promise<ClientResponse> {
    const { apis, clock } = this.options;
    const first = this.regionalState.peek().current;
    const answersBefore = this.responseCount;
    try {
      const { response, conclusive, from, responses, faults } = await sendHedged({
        apis: [first, ...apis.filter((api) => api !== first)],
        send: (api) => this.request(api, request, this.timeoutMs),
        clock,
        hedgeAfterMs: this.hedgeAfterMs,
        isConclusive,
        isWrite: request.method !== "GET",
      });
      this.responseCount++;
      // At once, so that nobody sees a region that serves and fails.
      batch(() => {
        this.recordResults([...responses.keys()], faults);
        if (faults.has(first)) this.moveFrom(first, from);
        this.update({ offline: false, located: this.failoverNameChecked });
      });
      const agreeing = [...responses.values()].filter(({ status }) => status === response.status);
      return { ...response, conclusive, unanimous: agreeing.length === apis.length };
    } catch (error) {
      // Another request may have been answered meanwhile.
      if (error instanceof NoRegionResponds && this.responseCount === answersBefore) {
        batch(() => {
          this.recordResults([], new Map(error.failures.map(({ api, fault }) => [api, fault])));
          this.update({ offline: true, located: this.failoverNameChecked });
        });
      }
      throw error;
    }
  }

  /** Goes back to the preferred region when it answers for its health, unless the failover name leads elsewhere. Asks nothing while it is the current one. */
  async checkPreferred(): Promise<void> {
    const { preferred, current } = this.regionalState.peek();
    if (current === preferred) return;
    const isWell = (await this.servingRegion(preferred)) !== undefined;
    if (isWell) this.recordResults([preferred]);
    this.healthyChecks = isWell ? this.healthyChecks + 1 : 0;
    if (this.healthyChecks < this.requiredChecks || this.regionalState.peek().preferred !== preferred) return;
    // A takeover outlasts what caused it: where the name leads elsewhere by now, there is no return.
    await this.followFailoverName();
    if (this.regionalState.peek().preferred !== preferred) return;
    this.returnedAt = this.options.clock.now();
    this.update({ current: preferred });
  }

  /**
   * Asks the regions that do not serve whether they answer, so that none is said to stand by that does not. Not for their health:
   * `/health` is for those who decide about routing, and takes few requests.
   */
  async checkOthers(): Promise<void> {
    const { current } = this.regionalState.peek();
    const others = this.options.apis.filter((api) => api !== current);
    await Promise.all(others.map((api) => this.checkOther(api)));
  }

  /** Prefers the region that the failover name leads to now. Without that name, or its answer, all stays as it is. */
  async followFailoverName(): Promise<void> {
    const { failoverUrl, apis } = this.options;
    if (failoverUrl === undefined) return;
    const code = await this.servingRegion({ name: "failover", code: "failover", url: failoverUrl });
    this.failoverNameChecked = true;
    const preferred = apis.find((api) => api.code === code);
    const { lastResults, offline, ...before } = this.regionalState.peek();
    const located = before.located || offline || before.current.code in lastResults;
    if (!preferred || preferred === before.preferred) return this.update({ located });
    this.healthyChecks = 0;
    this.requiredChecks = 1;
    // It has just answered for its health.
    this.update({
      preferred,
      current: preferred,
      located,
      lastResults: { ...lastResults, [preferred.code]: "up" },
    });
  }

  private get hedgeAfterMs(): number {
    return this.options.hedgeAfterMs ?? 1_000;
  }

  private get timeoutMs(): number {
    return this.options.timeoutMs ?? 4_000;
  }

  private request(api: RegionalApi, request: RegionalRequest, timeoutMs: number): SentRequest {
    const { fetch, clock } = this.options;
    return sendToRegion({ fetch, clock, timeoutMs }, api, request);
  }

  private async checkOther(api: RegionalApi): Promise<void> {
    try {
      await this.request(api, SMALLEST_LISTING, this.timeoutMs).response;
      this.recordResults([api]);
    } catch (error) {
      if (!(error instanceof RegionFailure)) throw error;
      this.recordResults([], new Map([[api, error.fault]]));
    }
  }

  /** Remembers which regions answered just now, and how the others failed. */
  private recordResults(
    answered: readonly RegionalApi[],
    failed: ReadonlyMap<RegionalApi, Fault> = new Map(),
  ): void {
    const before = this.regionalState.peek().lastResults;
    const now: Record<string, LastResult> = { ...before };
    for (const [{ code }, fault] of failed) now[code] = fault;
    for (const { code } of answered) now[code] = "up";
    if (Object.keys(now).some((code) => now[code] !== before[code])) this.update({ lastResults: now });
  }

  /** AWS code of the region that answers for its health there; undefined when none does. */
  private async servingRegion(api: RegionalApi): Promise<string | undefined> {
    try {
      const { status, servedBy } = await this.request(api, HEALTH, this.hedgeAfterMs).response;
      return status === 200 ? servedBy : undefined;
    } catch (error) {
      if (error instanceof RegionFailure) return undefined;
      throw error;
    }
  }

  private moveFrom(region: RegionalApi, next: RegionalApi): void {
    const { current, preferred } = this.regionalState.peek();
    if (current !== region) return;
    if (region === preferred) {
      const lasted = this.options.clock.now() - this.returnedAt >= STABLE_RETURN_MS;
      this.requiredChecks = lasted ? 1 : Math.min(this.requiredChecks * 2, MAX_REQUIRED_CHECKS);
      this.healthyChecks = 0;
    }
    this.update({ current: next });
  }

  private update(changes: Partial<RegionalState>): void {
    const before = this.regionalState.peek();
    const keys = Object.keys(changes) as (keyof RegionalState)[];
    if (keys.some((key) => before[key] !== changes[key]))
      this.regionalState.value = { ...before, ...changes };
  }
}
