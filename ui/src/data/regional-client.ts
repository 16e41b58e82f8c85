import { batch, ReadonlySignal, Signal, signal } from "@preact/signals";
import { type PatientRequest, sendPatiently } from "./busy-region";
import type { ClientRequest, ClientResponse, RegionalClientOptions } from "./client-request";
import { Fault, NoRegionResponds, RegionFailure, TOO_MANY_REQUESTS } from "./errors";
import { BusyListener, sendHedged, WRITE_HEDGE_MS } from "./hedged-request";
import { type RegionResponse, sendToRegion, SentRequest, RegionalRequest } from "./region-request";
import {
  initialRouting,
  routingAfter,
  type RoutingKnowledge,
  type RoutingReport,
  ROUTING_INTERVAL_MS,
  routingReportOf,
  servingRegion,
} from "./routing-states";
import { RegionalApi } from "./api-types";
import type { LastResult, RegionalState } from "./regional-state";
import { ReturnChecks } from "./return-checks";

const HEALTH = { method: "GET", path: "/health" } as const;
const ROUTING = { method: "GET", path: "/routing" } as const;
/** Smallest request that shows whether a region serves tickets. */
const SMALLEST_LISTING = { method: "GET", path: "/tickets?limit=1" } as const;
const noop = (): void => undefined;

/**
 * Client of the ticket APIs of several regions, which continues when one is unavailable.
 *
 * - A request goes to the current region. After a failure, or without a response for a second (a write: three seconds), it goes to
 *   the other region too, and the first conclusive response wins. The region that responded becomes the current one. Each write
 *   carries an idempotency key or If-Match, so that it can reach both regions and is applied exactly once.
 * - A 5xx is a failure, a 4xx a response. A busy region (429) gets the request again before the other one does, and stays current.
 * - While the preferred region is not the current one, `checkPreferred` checks its health and returns to it. A region that
 *   fails again soon after a return must pass more checks each time, to prevent endless returns to an unhealthy region.
 * - The preferred region is the one that serves according to the routing states of the regions (`followRouting`), which each region
 *   returns under its own URL. The failover name is not asked: a browser resolves a name for new connections only, and would be
 *   answered by the region that it is connected to.
 */
export class RegionalClient {
  /** State of the regions. */
  readonly state: ReadonlySignal<RegionalState>;
  private readonly regionalState: Signal<RegionalState>;
  private readonly hedgeAfterMs: number;
  private readonly timeoutMs: number;
  private responseCount = 0;
  private routing: RoutingKnowledge;
  private routingChecked: boolean;
  /** Regions that reported their routing state when they were last asked. */
  private reporting: ReadonlySet<RegionalApi> = new Set();
  private routingAskedAt = -Infinity;
  private readonly returnChecks: ReturnChecks;

  /** @throws Error when the preferred region is not one of the APIs. */
  constructor(private readonly options: RegionalClientOptions) {
    this.hedgeAfterMs = options.hedgeAfterMs ?? 1_000;
    this.timeoutMs = options.timeoutMs ?? 4_000;
    const preferred = options.apis.find((api) => api.code === options.preferred);
    if (!preferred)
      throw new Error(`The preferred region ${options.preferred} has no API among those given.`);
    this.returnChecks = new ReturnChecks(options.clock);
    this.routing = initialRouting(preferred);
    this.routingChecked = !options.hasRouting;
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
      const { response, conclusive, uncertain, from, responses, faults } = await sendHedged({
        apis: [first, ...apis.filter((api) => api !== first)],
        send: (api, listener) => this.patientRequest(api, request, listener),
        clock,
        hedgeAfterMs: isWrite ? WRITE_HEDGE_MS : this.hedgeAfterMs,
        isConclusive,
        isWrite,
      });
      this.responseCount++;
      // In one batch, so that no subscriber sees a region that serves and fails at the same time.
      batch(() => {
        this.recordResults([...responses.keys()], faults);
        // A busy region stays the current one: otherwise many web UIs would carry the load to the other region.
        if (faults.has(first) && faults.get(first) !== TOO_MANY_REQUESTS) this.moveFrom(first, from);
        this.update({ offline: false, located: this.routingChecked });
      });
      const agreeing = [...responses.values()].filter(({ status }) => status === response.status);
      return { ...response, conclusive, uncertain, unanimous: agreeing.length === apis.length };
    } catch (error) {
      // Another request may have received a response in the meantime.
      if (error instanceof NoRegionResponds && this.responseCount === answersBefore) {
        batch(() => {
          this.recordResults([], new Map(error.failures.map(({ api, fault }) => [api, fault])));
          const isBusy = error.failures.some(({ fault }) => fault === TOO_MANY_REQUESTS);
          this.update({ offline: !isBusy, located: this.routingChecked });
        });
      }
      throw error;
    }
  }

  /** Returns to the preferred region when it is healthy, unless another region has taken over. Does nothing while it is the current one. */
  async checkPreferred(): Promise<void> {
    const { preferred, current } = this.regionalState.peek();
    if (current === preferred) return;
    const isHealthy = (await this.quickResponse(preferred, HEALTH))?.status === 200;
    if (isHealthy) this.recordResults([preferred]);
    if (!this.returnChecks.suffice(isHealthy) || this.regionalState.peek().preferred !== preferred) return;
    // A takeover outlasts its cause. So the region to leave must report that it has not taken over, unless it fails itself.
    const askedAgo = this.options.clock.now() - this.routingAskedAt;
    if (this.isTakeoverUnknown() && askedAgo < ROUTING_INTERVAL_MS) return;
    await this.followRouting();
    if (this.isTakeoverUnknown() || this.regionalState.peek().preferred !== preferred) return;
    this.returnChecks.returned();
    this.update({ current: preferred });
  }

  /** Returns whether the current region serves tickets, but did not report its routing state when it was last asked. */
  private isTakeoverUnknown(): boolean {
    const { current, lastResults } = this.regionalState.peek();
    const isServing = ["up", TOO_MANY_REQUESTS].includes(lastResults[current.code] ?? "up");
    return this.options.hasRouting === true && isServing && !this.reporting.has(current);
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

  /**
   * Asks every region for its routing state, and prefers the region that serves according to them. A region that does not respond
   * keeps its last known state. Without routing states nothing changes.
   */
  async followRouting(): Promise<void> {
    const { apis, hasRouting } = this.options;
    if (!hasRouting) return;
    this.routingAskedAt = this.options.clock.now();
    const reports = await Promise.all(apis.map((api) => this.routingReport(api)));
    this.reporting = new Set(apis.filter((_api, index) => reports[index] !== undefined));
    this.routing = routingAfter(this.routing, apis, reports);
    this.routingChecked = true;
    const preferred = servingRegion(this.routing, apis);
    const { offline, lastResults, ...before } = this.regionalState.peek();
    const located = before.located || offline || before.current.code in lastResults;
    if (preferred === before.preferred) return this.update({ located });
    this.returnChecks.reset();
    // A region whose routing state was read serves from its table. Any other one must pass `checkPreferred` first.
    const responds = this.reporting.has(preferred);
    this.update({
      preferred,
      located,
      ...(responds && { current: preferred, lastResults: { ...lastResults, [preferred.code]: "up" } }),
    });
  }

  private request(api: RegionalApi, request: RegionalRequest, timeoutMs: number): SentRequest {
    const { fetch, clock } = this.options;
    return sendToRegion({ fetch, clock, timeoutMs }, api, request);
  }

  /** Sends a request to a region, and again while it is busy. */
  private patientRequest(api: RegionalApi, request: RegionalRequest, listener: BusyListener): SentRequest {
    const onBusy = (): void => {
      this.recordResults([], new Map([[api, TOO_MANY_REQUESTS]]));
      listener.onBusy();
    };
    return this.sendPatiently({ ...listener, api, request, onBusy });
  }

  private sendPatiently(
    options: Omit<PatientRequest, "fetch" | "clock" | "random" | "timeoutMs">,
  ): SentRequest {
    const { fetch, clock, random = Math.random } = this.options;
    return sendPatiently({ ...options, fetch, clock, random, timeoutMs: this.timeoutMs });
  }

  private async checkOther(api: RegionalApi): Promise<void> {
    try {
      const listener = { onBusy: noop, onRepeat: noop, onUncertain: noop };
      await this.sendPatiently({ ...listener, api, request: SMALLEST_LISTING, repeats: 0 }).response;
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

  /** Returns the routing state that a region reports; undefined when it reports none. */
  private async routingReport(api: RegionalApi): Promise<RoutingReport | undefined> {
    const response = await this.quickResponse(api, ROUTING);
    return response?.status === 200 ? routingReportOf(response.body) : undefined;
  }

  /** Returns the response of a region, with any status below 500; undefined when it fails or takes longer than other requests wait for it. */
  private async quickResponse(
    api: RegionalApi,
    request: RegionalRequest,
  ): Promise<RegionResponse | undefined> {
    try {
      return await this.request(api, request, this.hedgeAfterMs).response;
    } catch (error) {
      if (error instanceof RegionFailure) return undefined;
      throw error;
    }
  }

  private moveFrom(region: RegionalApi, next: RegionalApi): void {
    const { current, preferred } = this.regionalState.peek();
    if (current !== region) return;
    if (region === preferred) this.returnChecks.failed();
    this.update({ current: next });
  }

  private update(changes: Partial<RegionalState>): void {
    const before = this.regionalState.peek();
    const keys = Object.keys(changes) as (keyof RegionalState)[];
    if (keys.some((key) => before[key] !== changes[key]))
      this.regionalState.value = { ...before, ...changes };
  }
}
