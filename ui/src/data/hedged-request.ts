import type { Clock } from "./browser";
import { Fault, NoRegionAnswers, RegionFailure } from "./errors";
import type { Answer, Question } from "./region-request";
import type { RegionalApi } from "./api-types";

/** How several regions are asked the same. */
export interface HedgeOptions {
  /** In the order in which they are asked; at least one. */
  readonly apis: readonly RegionalApi[];
  readonly ask: (api: RegionalApi) => Question;
  readonly clock: Clock;
  /** Milliseconds of silence after which the next region is asked too. */
  readonly patience: number;
  /** Whether an answer settles the matter. Any other is taken only when no region has one that does. */
  readonly settles: (answer: Answer) => boolean;
  /** Whether the request writes; decides what NoRegionAnswers says. */
  readonly writes: boolean;
}

/** How a hedged question ended. */
export interface Hedged {
  readonly answer: Answer;
  /** Whether the answer settles the matter. */
  readonly settled: boolean;
  /** The region whose answer it is. */
  readonly from: RegionalApi;
  /** What each region answered, as far as they did. */
  readonly answered: ReadonlyMap<RegionalApi, Answer>;
  /** The regions that failed, or were overtaken by one that was asked after them. */
  readonly failed: ReadonlyMap<RegionalApi, Fault>;
}

/** Nothing was written when a region says so itself: https://www.rfc-editor.org/rfc/rfc9110#name-503-service-unavailable */
const REFUSED = 503;

/**
 * Asks the first region; the next one when that fails, is silent for too long, or does not settle the matter. The first
 * answer that settles it wins, and whatever is still under way is aborted. So a region that lacks what another one was
 * just told (404, 412) does not hide the success of that one; but it ends the patience with it.
 * @throws NoRegionAnswers when all regions failed.
 */
export function askHedged(options: HedgeOptions): Promise<Hedged> {
  return new Promise((resolve, reject) => new HedgedQuestion(options, resolve, reject).askNext());
}

class HedgedQuestion {
  private readonly asked: RegionalApi[] = [];
  private readonly underWay = new Map<RegionalApi, Question>();
  private readonly answered = new Map<RegionalApi, Answer>();
  private readonly failures: RegionFailure[] = [];
  private unsettled: { readonly answer: Answer; readonly from: RegionalApi } | undefined;
  private stopWaiting: () => void = () => undefined;
  private done = false;

  constructor(
    private readonly options: HedgeOptions,
    private readonly resolve: (hedged: Hedged) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  askNext(): void {
    this.stopWaiting();
    const api = this.options.apis[this.asked.length];
    if (!api) return this.waitForTheRest();
    this.asked.push(api);
    this.stopWaiting = this.options.clock.after(this.options.patience, () => this.askNext());
    const question = this.options.ask(api);
    this.underWay.set(api, question);
    question.answer.then(
      (answer) => this.take(api, answer),
      (error: unknown) => this.fail(api, error),
    );
  }

  private take(from: RegionalApi, answer: Answer): void {
    this.underWay.delete(from);
    if (this.done) return;
    this.answered.set(from, answer);
    if (this.options.settles(answer)) return this.end(() => this.resolve(this.hedged(from, answer, true)));
    this.unsettled ??= { answer, from };
    this.askNext();
  }

  private fail(api: RegionalApi, error: unknown): void {
    this.underWay.delete(api);
    if (this.done) return;
    if (!(error instanceof RegionFailure)) return this.end(() => this.reject(error));
    this.failures.push(error);
    this.askNext();
  }

  private waitForTheRest(): void {
    if (this.done) return;
    if (this.underWay.size === 0) this.giveUp();
    else if (this.unsettled)
      this.stopWaiting = this.options.clock.after(this.options.patience, () => this.giveUp());
  }

  private giveUp(): void {
    const { unsettled, failures } = this;
    if (unsettled) return this.end(() => this.resolve(this.hedged(unsettled.from, unsettled.answer, false)));
    const uncertain = this.options.writes && failures.some(({ fault }) => fault !== REFUSED);
    this.end(() => this.reject(new NoRegionAnswers(failures, uncertain)));
  }

  private hedged(from: RegionalApi, answer: Answer, settled: boolean): Hedged {
    const overtaken = this.asked.slice(0, this.asked.indexOf(from)).filter((api) => this.underWay.has(api));
    const failed = new Map<RegionalApi, Fault>(overtaken.map((api) => [api, "silent"]));
    for (const { api, fault } of this.failures) failed.set(api, fault);
    return { answer, settled, from, answered: this.answered, failed };
  }

  private end(tell: () => void): void {
    this.done = true;
    this.stopWaiting();
    tell();
    for (const question of this.underWay.values()) question.abort();
  }
}
