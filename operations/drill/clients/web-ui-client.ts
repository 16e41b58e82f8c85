import type { Clock } from "../../../ui/src/data/browser";
import { pollPreferredRegion } from "../../../ui/src/data/polling";
import type { RegionResponse } from "../../../ui/src/data/region-request";
import { RegionalClient } from "../../../ui/src/data/regional-client";
import type { ReceivedResponse } from "../../cli/http-request";
import type { DrillRegion } from "../systems/drill-system";
import type { TicketClient, TicketRequest } from "./traffic";

/**
 * The web UI's own client of the regions, with the same times as in a browser. It also asks the other region when the
 * first one does not respond, returns to the preferred region when that is healthy, and follows the regions' routing states. As in a
 * browser, connections stay open between requests.
 */
export class WebUiClient implements TicketClient {
  private readonly client: RegionalClient;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly visibility = { hidden: false, addEventListener: () => undefined };

  /** @param regions names and URLs of the regions, as the web UI reads them from its `config.json`; the primary first. */
  constructor(regions: readonly [DrillRegion, DrillRegion]) {
    const clock: Clock = { now: () => Date.now(), after: (delay, task) => this.after(delay, task) };
    this.client = new RegionalClient({
      apis: regions.map(({ name, code, api }) => ({ name, code, url: api })),
      preferred: regions[0].code,
      hasRouting: true,
      fetch: (url, init) => fetch(url, init),
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
