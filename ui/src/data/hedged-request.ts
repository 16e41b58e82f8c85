import type { Clock } from "./browser";
import { Fault, NoRegionResponds, RegionFailure } from "./errors";
import type { RegionResponse, SentRequest } from "./region-request";
import type { RegionalApi } from "./api-types";

/** Receives that a region is busy, that the request is sent to it again, and that an earlier one may have been applied. */
export interface BusyListener {
  readonly onBusy: () => void;
  readonly onRepeat: () => void;
  readonly onUncertain: () => void;
}

/** Options of a request that several regions can serve. */
export interface HedgedRequestOptions {
  /** APIs in the order in which they are used; at least one. */
  readonly apis: readonly RegionalApi[];
  /** Sends the request to a region. Calls the listener while the region is busy, so that the request does not go to the next one. */
  readonly send: (api: RegionalApi, listener: BusyListener) => SentRequest;
  readonly clock: Clock;
  /** Time without a response, in milliseconds, after which the request goes to the next region too. */
  readonly hedgeAfterMs: number;
  /** Returns whether a response is conclusive. Other responses count only when no region gives a conclusive one. */
  readonly isConclusive: (response: RegionResponse) => boolean;
  /** Whether the request writes. Decides whether the result of a failure is uncertain. */
  readonly isWrite: boolean;
}

/** Result of a hedged request. */
export interface HedgedResponse {
  readonly response: RegionResponse;
  /** Whether the response is conclusive. */
  readonly conclusive: boolean;
  /** Whether another region may have applied the write. */
  readonly uncertain: boolean;
  /** Region that gave the response. */
  readonly from: RegionalApi;
  /** Responses by region. */
  readonly responses: ReadonlyMap<RegionalApi, RegionResponse>;
  /** Faults of the regions that failed, or that responded later than a region contacted after them. */
  readonly faults: ReadonlyMap<RegionalApi, Fault>;
}

/**
 * Time without a response after which a write goes to the next region too, in milliseconds. A write that both regions apply has to be
 * resolved, so it is longer than the first write after a pause takes in a distant region: its preflight request and the write itself
 * each start a function (0.8 s), and a new connection and the two requests take four round trips (0.18 s)
 * (docs/adr/0032-wait-three-seconds-for-a-write.md).
 */
export const WRITE_HEDGE_MS = 3_000;

/**
 * Sends a request to the first region, and to the next one after a failure, a slow response or an inconclusive response. The
 * first conclusive response wins, and all other requests are aborted. A region that has not received a write of another
 * region yet (404, 412) therefore does not hide the success of that region.
 * @throws NoRegionResponds when all regions failed.
 */
export function sendHedged(options: HedgedRequestOptions): Promise<HedgedResponse> {
  return new Promise((resolve, reject) => new HedgedRequest(options, resolve, reject).sendNext());
}

class HedgedRequest {
  private readonly contacted: RegionalApi[] = [];
  private readonly inFlight = new Map<RegionalApi, SentRequest>();
  private readonly responses = new Map<RegionalApi, RegionResponse>();
  private readonly failures: RegionFailure[] = [];
  private inconclusive: { readonly response: RegionResponse; readonly from: RegionalApi } | undefined;
  private cancelTimer: () => void = () => undefined;
  private done = false;
  /** Whether a region failed, the last time or before a repeated request, so that it may have applied the request. */
  private mayBeApplied = false;

  constructor(
    private readonly options: HedgedRequestOptions,
    private readonly resolve: (result: HedgedResponse) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  sendNext(): void {
    this.cancelTimer();
    const api = this.options.apis[this.contacted.length];
    if (!api) return this.waitForRemaining();
    this.contacted.push(api);
    this.startTimer();
    const isLast = (): boolean => this.contacted.at(-1) === api && !this.done;
    const sent = this.options.send(api, {
      onBusy: () => isLast() && this.cancelTimer(),
      onRepeat: () => isLast() && this.startTimer(),
      onUncertain: () => (this.mayBeApplied = true),
    });
    this.inFlight.set(api, sent);
    sent.response.then(
      (response) => this.receive(api, response),
      (error: unknown) => this.fail(api, error),
    );
  }

  private startTimer(): void {
    this.cancelTimer = this.options.clock.after(this.options.hedgeAfterMs, () => this.sendNext());
  }

  private receive(from: RegionalApi, response: RegionResponse): void {
    this.inFlight.delete(from);
    if (this.done) return;
    this.responses.set(from, response);
    if (this.options.isConclusive(response))
      return this.end(() => this.resolve(this.resultOf(from, response, true)));
    this.inconclusive ??= { response, from };
    this.sendNext();
  }

  private fail(api: RegionalApi, error: unknown): void {
    this.inFlight.delete(api);
    if (this.done) return;
    if (!(error instanceof RegionFailure)) return this.end(() => this.reject(error));
    this.failures.push(error);
    this.sendNext();
  }

  private waitForRemaining(): void {
    if (this.done) return;
    if (this.inFlight.size === 0) this.giveUp();
    else if (this.inconclusive)
      this.cancelTimer = this.options.clock.after(this.options.hedgeAfterMs, () => this.giveUp());
  }

  private giveUp(): void {
    const { inconclusive, failures } = this;
    if (inconclusive)
      return this.end(() => this.resolve(this.resultOf(inconclusive.from, inconclusive.response, false)));
    this.end(() => this.reject(new NoRegionResponds(failures, this.isUncertain())));
  }

  /** Whether a region that failed, has not responded yet, or responded to a repeated request may have applied a write. */
  private isUncertain(): boolean {
    return this.options.isWrite && (this.inFlight.size > 0 || this.mayBeApplied);
  }

  private resultOf(from: RegionalApi, response: RegionResponse, conclusive: boolean): HedgedResponse {
    const overtaken = this.contacted
      .slice(0, this.contacted.indexOf(from))
      .filter((api) => this.inFlight.has(api));
    const faults = new Map<RegionalApi, Fault>(overtaken.map((api) => [api, "unreachable"]));
    for (const { api, fault } of this.failures) faults.set(api, fault);
    const uncertain = this.isUncertain();
    return { response, conclusive, uncertain, from, responses: this.responses, faults };
  }

  private end(report: () => void): void {
    this.done = true;
    this.cancelTimer();
    report();
    for (const sent of this.inFlight.values()) sent.abort();
  }
}
