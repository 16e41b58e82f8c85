import { batch, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Clock } from "./browser";
import { Fault, NoRegionResponds, RegionFailure } from "./errors";
import { sendHedged, WRITE_HEDGE_MS } from "./hedged-request";
import { RegionResponse, sendToRegion, Fetch, SentRequest, RegionalRequest } from "./region-request";
import { RegionalApi } from "./api-types";

/** Result of the last request to a region. */
type LastResult = "up" | Fault;

/** State of the regions, as the web UI sees it. */
export interface RegionalState {
  /** Region that is used while it responds: first the one that the web UI was loaded from, then the one that the failover name resolves to. */
  readonly preferred: RegionalApi;
  /** Region that serves. It gets each request first. */
  readonly current: RegionalApi;
  /**
   * Whether the serving region is known: the failover name, if there is one, was resolved, and a region was contacted. Until then
   * the web UI does not name a region.
   */
  readonly located: boolean;
  /** Whether no region responded to the last request. */
  readonly offline: boolean;
  /** Results by AWS region code. A region that was not contacted yet is absent. */
  readonly lastResults: Readonly<Record<string, LastResult>>;
}

/** Options of a client. Times are in milliseconds. */
export interface RegionalClientOptions {
  readonly apis: readonly RegionalApi[];
  /** AWS code of the initially preferred region; one of `apis`. */
  readonly preferred: string;
  /** URL of the API's failover name; absent without a domain. */
  readonly failoverUrl?: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Time without a response after which a read goes to the other region too; 1,000 by default. */
  readonly hedgeAfterMs?: number;
  /** Timeout of a request; 4,000 by default, which is longer than a cold start. */
  readonly timeoutMs?: number;
}

/** Request to whichever region responds. */
export interface ClientRequest extends RegionalRequest {
  /**
   * Returns whether a response is conclusive; all are by default. After an inconclusive response, such as a 404 of a region to
   * which the ticket may not be replicated yet, the request goes to the other region.
   */
  readonly isConclusive?: (response: RegionResponse) => boolean;
}

/** Response, and whether it is conclusive. */
export interface ClientResponse extends RegionResponse {
  readonly conclusive: boolean;
  /** Whether every region responded with this status. */
  readonly unanimous: boolean;
}

const HEALTH = { method: "GET", path: "/health" } as const;
/** Smallest request that shows whether a region serves tickets. */
const SMALLEST_LISTING = { method: "GET", path: "/tickets?limit=1" } as const;
/** Duration of a stable return. After a shorter one, the next return requires more healthy checks. */
const STABLE_RETURN_MS = 30_000;
/** Maximum number of healthy checks that a return requires. */
const MAX_REQUIRED_CHECKS = 16;

/**
 * Client of the ticket APIs of several regions, which continues when one is unavailable.
 *
 * - A request goes to the current region. After a failure, or without a response for a second (a write: three seconds), it goes to
 *   the other region too, and the first conclusive response wins. The region that responded becomes the current one. Writes do the same: each carries an
 *   idempotency key or If-Match, so that it can reach both regions and is applied exactly once.
 * - A 5xx is a failure, a 4xx a response.
 * - While the preferred region is not the current one, `checkPreferred` checks its health and returns to it. A region that
 *   fails again soon after a return must pass more checks each time, to prevent endless returns to an unhealthy region.
 * - The preferred region is the one that the web UI was loaded from, until the failover name resolves to another one
 *   (`followFailoverName`). After a takeover the web UI therefore follows DNS.
 */
export class RegionalClient {
  /** State of the regions. */
  readonly state: ReadonlySignal<RegionalState>;
  private readonly regionalState: Signal<RegionalState>;
  private readonly hedgeAfterMs: number;
  private readonly timeoutMs: number;
  private responseCount = 0;
  private failoverNameChecked: boolean;
  private healthyChecks = 0;
  private requiredChecks = 1;
  private returnedAt = -Infinity;

  /** @throws Error when the preferred region is not one of the APIs. */
  constructor(private readonly options: RegionalClientOptions) {
    this.hedgeAfterMs = options.hedgeAfterMs ?? 1_000;
    this.timeoutMs = options.timeoutMs ?? 4_000;
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
   * Sends a request to the current region, and to the others if needed. The first request is sent when this method returns.
   * @throws NoRegionResponds when every region failed.
   */
  async send({ isConclusive = () => true, ...request }: ClientRequest): Promise<ClientResponse> {
    const { apis, clock } = this.options;
    const first = this.regionalState.peek().current;
    const answersBefore = this.responseCount;
    const isWrite = request.method !== "GET";
    try {
      const { response, conclusive, from, responses, faults } = await sendHedged({
        apis: [first, ...apis.filter((api) => api !== first)],
        send: (api) => this.request(api, request, this.timeoutMs),
        clock,
        hedgeAfterMs: isWrite ? WRITE_HEDGE_MS : this.hedgeAfterMs,
        isConclusive,
        isWrite,
      });
      this.responseCount++;
      // In one batch, so that no subscriber sees a region that serves and fails at the same time.
      batch(() => {
        this.recordResults([...responses.keys()], faults);
        if (faults.has(first)) this.moveFrom(first, from);
        this.update({ offline: false, located: this.failoverNameChecked });
      });
      const agreeing = [...responses.values()].filter(({ status }) => status === response.status);
      return { ...response, conclusive, unanimous: agreeing.length === apis.length };
    } catch (error) {
      // Another request may have received a response in the meantime.
      if (error instanceof NoRegionResponds && this.responseCount === answersBefore) {
        batch(() => {
          this.recordResults([], new Map(error.failures.map(({ api, fault }) => [api, fault])));
          this.update({ offline: true, located: this.failoverNameChecked });
        });
      }
      throw error;
    }
  }

  /** Returns to the preferred region when it is healthy, unless the failover name resolves to another region. Does nothing while it is the current one. */
  async checkPreferred(): Promise<void> {
    const { preferred, current } = this.regionalState.peek();
    if (current === preferred) return;
    const isHealthy = (await this.servingRegion(preferred)) !== undefined;
    if (isHealthy) this.recordResults([preferred]);
    this.healthyChecks = isHealthy ? this.healthyChecks + 1 : 0;
    if (this.healthyChecks < this.requiredChecks || this.regionalState.peek().preferred !== preferred) return;
    // A takeover continues after its cause has ended: if the name resolves to another region now, there is no return.
    await this.followFailoverName();
    if (this.regionalState.peek().preferred !== preferred) return;
    this.returnedAt = this.options.clock.now();
    this.update({ current: preferred });
  }

  /**
   * Checks whether the regions that do not serve respond, so that the web UI shows standby only for those. Does not use
   * `/health`, which is for routing decisions and has a low rate limit.
   */
  async checkOthers(): Promise<void> {
    const { current } = this.regionalState.peek();
    const others = this.options.apis.filter((api) => api !== current);
    await Promise.all(others.map((api) => this.checkOther(api)));
  }

  /** Prefers the region that the failover name resolves to. Without that name, or without a response, nothing changes. */
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
    // This region has just passed its health check.
    this.update({
      preferred,
      current: preferred,
      located,
      lastResults: { ...lastResults, [preferred.code]: "up" },
    });
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

  /** Records which regions responded, and how the others failed. */
  private recordResults(
    responded: readonly RegionalApi[],
    failed: ReadonlyMap<RegionalApi, Fault> = new Map(),
  ): void {
    const before = this.regionalState.peek().lastResults;
    const now: Record<string, LastResult> = { ...before };
    for (const [{ code }, fault] of failed) now[code] = fault;
    for (const { code } of responded) now[code] = "up";
    if (Object.keys(now).some((code) => now[code] !== before[code])) this.update({ lastResults: now });
  }

  /** Returns the AWS code of the region that is healthy behind a URL; undefined when none is. */
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
