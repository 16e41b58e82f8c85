import { NoRegionAnswers, RegionFailure, WriteUnanswered } from "./region-errors";
import { Answer, askRegion, Fetch, RegionalApi } from "./region-request";

export type { Answer, Fetch, RegionalApi } from "./region-request";

/** How the client stands. */
export interface RegionalState {
  readonly preferred: RegionalApi;
  /** The region that is asked first. */
  readonly current: RegionalApi;
  /** AWS code of the region that answered last. */
  readonly servedBy?: string;
  /** How many questions in a row no region has answered. */
  readonly unanswered: number;
}

/** How a client is made. Times are milliseconds. */
export interface RegionalClientOptions {
  readonly apis: readonly RegionalApi[];
  /** AWS code of the region that is preferred; one of `apis`. */
  readonly preferred: string;
  readonly fetch: Fetch;
  /** Called when the state has changed. */
  readonly onChange?: (state: RegionalState) => void;
  /** A clock; `Date.now` by default. */
  readonly now?: () => number;
  /** A read or a question for health that takes longer has failed; 1,000 by default. */
  readonly readLimit?: number;
  /** A write that takes longer counts as unanswered; 5,000 by default. */
  readonly writeLimit?: number;
  /** A region that answered so recently is trusted with a write unasked; 2,000 by default. */
  readonly trustedFor?: number;
}

/**
 * Asks the ticket APIs of several regions so that the loss of one is hardly noticed.
 * A read that fails is asked of the next region at once, and the region that answers is remembered. A write is sent
 * exactly once, to a region that has just answered.
 */
export class RegionalClient {
  private standing: RegionalState;
  private readonly answeredAt = new Map<string, number>();

  /** @throws Error when the preferred region is not one of the APIs. */
  constructor(private readonly options: RegionalClientOptions) {
    const preferred = options.apis.find((api) => api.code === options.preferred);
    if (!preferred)
      throw new Error(`The preferred region ${options.preferred} has no API among those given.`);
    this.standing = { preferred, current: preferred, unanswered: 0 };
  }

  get state(): RegionalState {
    return this.standing;
  }

  /**
   * Reads a path from the first region that answers, the remembered one before the others.
   * @throws NoRegionAnswers when every region failed.
   */
  async read(path: string): Promise<Answer> {
    return this.firstThatSucceeds((api) => this.ask(api, path, { method: "GET" }, this.readLimit));
  }

  /**
   * Sends a write once. A body is sent as JSON. Below this a browser may itself repeat a request when the reused
   * connection broke before an answer: https://datatracker.ietf.org/doc/html/draft-nottingham-httpbis-retry-01
   * @throws NoRegionAnswers when no region answers for its health: nothing was sent.
   * @throws WriteUnanswered when it was sent and nobody can say whether it was saved. It is not sent again.
   */
  async write(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Answer> {
    const api = await this.regionForWrite();
    const content =
      body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    try {
      return await this.ask(api, path, { method, ...content }, this.options.writeLimit ?? 5_000);
    } catch (error) {
      if (error instanceof RegionFailure) throw new WriteUnanswered(error);
      throw error;
    }
  }

  /** Goes back to the preferred region when it answers for its health. Asks nothing while it is the current one. */
  async checkPreferred(): Promise<void> {
    const { preferred, current } = this.standing;
    if (current === preferred) return;
    try {
      await this.askHealth(preferred);
      this.change({ current: preferred });
    } catch (error) {
      if (!(error instanceof RegionFailure)) throw error;
    }
  }

  private get readLimit(): number {
    return this.options.readLimit ?? 1_000;
  }

  private get now(): number {
    return (this.options.now ?? Date.now)();
  }

  private async regionForWrite(): Promise<RegionalApi> {
    const { current } = this.standing;
    const age = this.now - (this.answeredAt.get(current.code) ?? -Infinity);
    if (age <= (this.options.trustedFor ?? 2_000)) return current;
    return this.firstThatSucceeds(async (api) => {
      await this.askHealth(api);
      return api;
    });
  }

  private async firstThatSucceeds<T>(ask: (api: RegionalApi) => Promise<T>): Promise<T> {
    const first = this.standing.current;
    const failures: RegionFailure[] = [];
    for (const api of [first, ...this.options.apis.filter((other) => other !== first)]) {
      try {
        const result = await ask(api);
        // Another request may have moved on meanwhile; only the region that failed this one is left.
        if (api !== first && this.standing.current === first) this.change({ current: api });
        return result;
      } catch (error) {
        if (!(error instanceof RegionFailure)) throw error;
        failures.push(error);
      }
    }
    this.change({ unanswered: this.standing.unanswered + 1 });
    throw new NoRegionAnswers(failures);
  }

  private async askHealth(api: RegionalApi): Promise<void> {
    await this.ask(api, "/health", { method: "GET" }, this.readLimit);
  }

  private async ask(api: RegionalApi, path: string, init: RequestInit, limit: number): Promise<Answer> {
    try {
      const answer = await askRegion(this.options.fetch, api, path, { init, limit });
      if (path === "/health" && answer.status !== 200)
        throw new RegionFailure(api, `/health answered ${answer.status}`);
      this.answeredAt.set(api.code, this.now);
      this.change({ servedBy: answer.servedBy, unanswered: 0 });
      return answer;
    } catch (error) {
      this.answeredAt.delete(api.code);
      throw error;
    }
  }

  private change(changes: Partial<RegionalState>): void {
    const before = this.standing;
    this.standing = { ...before, ...changes };
    const keys = Object.keys(changes) as (keyof RegionalState)[];
    if (keys.some((key) => before[key] !== this.standing[key])) this.options.onChange?.(this.standing);
  }
}
