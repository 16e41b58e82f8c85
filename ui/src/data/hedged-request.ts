import type { Clock } from "./browser";
import { Fault, NoRegionResponds, RegionFailure } from "./errors";
import type { RegionResponse, SentRequest } from "./region-request";
import type { RegionalApi } from "./api-types";

/** How several regions are asked the same. */
export interface HedgedRequestOptions {
  /** In the order in which they are asked; at least one. */
  readonly apis: readonly RegionalApi[];
  readonly send: (api: RegionalApi) => SentRequest;
  readonly clock: Clock;
  /** Milliseconds of silence after which the next region is asked too. */
  readonly hedgeAfterMs: number;
  /** Whether an answer settles the matter. Any other is taken only when no region has one that does. */
  readonly isConclusive: (answer: RegionResponse) => boolean;
  /** Whether the request writes; decides what NoRegionAnswers says. */
  readonly isWrite: boolean;
}

/** How a hedged question ended. */
export interface HedgedResponse {
  readonly response: RegionResponse;
  /** Whether the answer settles the matter. */
  readonly conclusive: boolean;
  /** The region whose answer it is. */
  readonly from: RegionalApi;
  /** What each region answered, as far as they did. */
  readonly responses: ReadonlyMap<RegionalApi, RegionResponse>;
  /** The regions that failed, or were overtaken by one that was asked after them. */
  readonly faults: ReadonlyMap<RegionalApi, Fault>;
}

/** Nothing was written when a region says so itself: https://www.rfc-editor.org/rfc/rfc9110#name-503-service-unavailable */
const SERVICE_UNAVAILABLE = 503;

/**
 * Asks the first region; the next one when that fails, is silent for too long, or does not settle the matter. The first
 * answer that settles it wins, and whatever is still under way is aborted. So a region that lacks what another one was
 * just told (404, 412) does not hide the success of that one; but it ends the patience with it.
 * @throws NoRegionAnswers when all regions failed.
 */
export function sendHedged(options: HedgedRequestOptions): Promise<HedgedResponse> {
  return new Promise((resolve, reject) => new HedgedRequest(options, resolve, reject).sendNext());
}

class HedgedRequest {
  private readonly contacted: RegionalApi[] = [];
  private readonly inFlight = new Map<RegionalApi, SentRequest>();
  private readonly responses = new Map<RegionalApi, RegionResponse>();
  private readonly failures: RegionFailure[] = [];
  private inconclusive: { readonly answer: RegionResponse; readonly from: RegionalApi } | undefined;
  private cancelTimer: () => void = () => undefined;
  private done = false;

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
    this.cancelTimer = this.options.clock.after(this.options.hedgeAfterMs, () => this.sendNext());
    const question = this.options.send(api);
    this.inFlight.set(api, question);
    question.response.then(
      (answer) => this.receive(api, answer),
      (error: unknown) => this.fail(api, error),
    );
  }

  private receive(from: RegionalApi, answer: RegionResponse): void {
    this.inFlight.delete(from);
    if (this.done) return;
    this.responses.set(from, answer);
    if (this.options.isConclusive(answer))
      return this.end(() => this.resolve(this.resultOf(from, answer, true)));
    this.inconclusive ??= { answer, from };
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
      return this.end(() => this.resolve(this.resultOf(inconclusive.from, inconclusive.answer, false)));
    const uncertain = this.options.isWrite && failures.some(({ fault }) => fault !== SERVICE_UNAVAILABLE);
    this.end(() => this.reject(new NoRegionResponds(failures, uncertain)));
  }

  private resultOf(from: RegionalApi, response: RegionResponse, conclusive: boolean): HedgedResponse {
    const overtaken = this.contacted
      .slice(0, this.contacted.indexOf(from))
      .filter((api) => this.inFlight.has(api));
    const faults = new Map<RegionalApi, Fault>(overtaken.map((api) => [api, "silent"]));
    for (const { api, fault } of this.failures) faults.set(api, fault);
    return { response, conclusive, from, responses: this.responses, faults };
  }

  private end(tell: () => void): void {
    this.done = true;
    this.cancelTimer();
    tell();
    for (const question of this.inFlight.values()) question.abort();
  }
}
