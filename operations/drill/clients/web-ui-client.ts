import type { Clock } from "../../../ui/src/data/browser";
import { pollPreferredRegion } from "../../../ui/src/data/polling";
import type { Fetch, RegionResponse } from "../../../ui/src/data/region-request";
import { RegionalClient } from "../../../ui/src/data/regional-client";
import type { ReceivedResponse } from "../../cli/http-request";
import type { DrillRegion } from "../systems/drill-system";
import type { TicketClient, TicketRequest } from "./traffic";

/** Names and URLs of the regions, as the web UI reads them from its `config.json`, and a client of the failover name. */
export interface WebUiClientOptions {
  /** The preferred region first. */
  readonly regions: readonly [DrillRegion, DrillRegion];
  readonly failoverUrl: string;
  /** Client of the failover name, which follows DNS as a browser does. */
  readonly dnsClient: TicketClient;
}

/**
 * The web UI's own client of the regions, with the same times as in a browser. It also asks the other region when the
 * first one does not respond, returns to the preferred region when that is healthy, and follows the failover name.
 */
export class WebUiClient implements TicketClient {
  private readonly client: RegionalClient;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly visibility = { hidden: false, addEventListener: () => undefined };

  constructor({ regions, failoverUrl, dnsClient }: WebUiClientOptions) {
    const clock: Clock = { now: () => Date.now(), after: (delay, task) => this.after(delay, task) };
    this.client = new RegionalClient({
      apis: regions.map(({ name, code, api }) => ({ name, code, url: api })),
      preferred: regions[0].code,
      failoverUrl,
      fetch: fetchWith(failoverUrl, dnsClient),
      clock,
    });
    pollPreferredRegion({ clock, visibility: this.visibility }, this.client);
  }

  async call({ body, ...request }: TicketRequest): Promise<ReceivedResponse> {
    return this.client.send({
      ...request,
      body,
      ...(request.method === "PATCH" && { isConclusive: hasTicket }),
    });
  }

  /** Stops following the regions. A request in flight continues. */
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

/** Whether the region has the ticket in the edited version. Otherwise the web UI asks the other region. */
function hasTicket({ status }: RegionResponse): boolean {
  return status !== 404 && status !== 412;
}

/** Sends requests for the failover name through the DNS client; the system resolves the regions' own names. */
function fetchWith(failoverUrl: string, dnsClient: TicketClient): Fetch {
  return async (url, init) => {
    if (!url.startsWith(failoverUrl)) return fetch(url, init);
    const { status, servedBy, body } = await dnsClient.call({
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
