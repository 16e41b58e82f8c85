import type { Clock } from "../../ui/src/data/browser";
import { followRegions } from "../../ui/src/data/follow-regions";
import type { Answer, Fetch } from "../../ui/src/data/region-request";
import { RegionalClient } from "../../ui/src/data/regional-client";
import type { ApiAnswer } from "../cli/http-request";
import type { DrillRegion } from "./system";
import type { TicketClient, TicketRequest } from "./ticket-client";

/** What the page is told in its `config.json`, and the way to its failover name. */
export interface PageClientOptions {
  /** The preferred one first. */
  readonly regions: readonly [DrillRegion, DrillRegion];
  readonly failoverUrl: string;
  /** A client of the failover name, which follows DNS as a browser does. */
  readonly byName: TicketClient;
}

/**
 * The web page's own client of the regions, with the page's own times: it asks the other region when one is silent for a
 * second, returns to the preferred one when that is well, and follows the failover name.
 */
export class PageClient implements TicketClient {
  private readonly client: RegionalClient;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly visibility = { hidden: false, addEventListener: () => undefined };

  constructor({ regions, failoverUrl, byName }: PageClientOptions) {
    const clock: Clock = { now: () => Date.now(), after: (delay, task) => this.after(delay, task) };
    this.client = new RegionalClient({
      apis: regions.map(({ name, code, api }) => ({ name, code, url: api })),
      preferred: regions[0].code,
      failoverUrl,
      fetch: fetchWith(failoverUrl, byName),
      clock,
    });
    followRegions({ clock, visibility: this.visibility }, this.client);
  }

  async call({ body, ...request }: TicketRequest): Promise<ApiAnswer> {
    return this.client.send({ ...request, body, ...(request.method === "PATCH" && { settles: isTold }) });
  }

  /** Follows no region any more. A request that is under way goes on. */
  close(): void {
    this.visibility.hidden = true;
    for (const timer of this.timers) timer.unref();
  }

  private after(delay: number, task: () => void): () => void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      task();
    }, delay);
    this.timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.timers.delete(timer);
    };
  }
}

/** A region that a ticket, or its last version, has not reached yet can say nothing of it; the page asks the other one then. */
function isTold({ status }: Answer): boolean {
  return status !== 404 && status !== 412;
}

/** The regions' own names are looked up by the system; only the failover name needs whoever knows its zone. */
function fetchWith(failoverUrl: string, byName: TicketClient): Fetch {
  return async (url, init) => {
    if (!url.startsWith(failoverUrl)) return fetch(url, init);
    const { status, servedBy, body } = await byName.call({
      method: "GET",
      path: url.slice(failoverUrl.length),
    });
    return {
      status,
      ok: status >= 200 && status < 300,
      text: async () => JSON.stringify(body ?? null),
      headers: { get: (name) => (name === "x-served-by" ? (servedBy ?? null) : null) },
    };
  };
}
