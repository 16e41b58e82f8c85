import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { browserClock } from "../../../ui/src/data/browser";
import { RegionalClient } from "../../../ui/src/data/regional-client";
import type { Fetch } from "../../../ui/src/data/region-request";
import { parseUiConfig } from "../../../ui/src/data/ui-config";
import type { Services } from "../../../local/services";
import { waitFor } from "../../support/wait-for";
import type { EngineCloud, StackUnderTest } from "./engine-cloud";
import { localFetch } from "./local-fetch";

/** Pause between two requests of a client, in milliseconds. Six clients leave the processors to the engine, whose changes they watch. */
const PAUSE_MS = 1000;
/** A list that takes few queries. */
const LIST = "/tickets?status=open&limit=5";
/** Time for which the web UI waits for a region, in milliseconds: longer than in a browser, as the engine takes the processor. */
const PATIENCE_MS = 20_000;
/** Time after which a failed request is repeated once, in milliseconds. */
const RETRY_AFTER_MS = 1000;

/** An acknowledged ticket. */
interface Acknowledged {
  readonly id: string;
  readonly subject: string;
}

/**
 * Clients of a deployed program that run while it changes: in each region a writer and a reader, a browser that loads the web UI
 * again and again, and a browser that loaded it before the first change and keeps it open. A request that fails is repeated once
 * after a second; a request that fails again is a problem.
 */
export class LiveTraffic {
  /** Acknowledged tickets in the order of their acknowledgment. */
  readonly acknowledged: Acknowledged[] = [];
  private readonly problems: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly clients: Promise<void>[] = [];
  private isStopped = false;

  private readonly fetch: Fetch;

  private constructor(private readonly services: Services) {
    this.fetch = localFetch(services);
  }

  /** Starts the clients of a deployed stack. */
  static async start(cloud: EngineCloud, stack: StackUnderTest): Promise<LiveTraffic> {
    const traffic = new LiveTraffic(cloud.host.services);
    const opened = await traffic.loadUi();
    const { regions } = (await stack.outputs()) as { regions: Record<string, { api: string }> };
    for (const [name, { api }] of Object.entries(regions)) {
      traffic.repeat(`writer in ${name}`, () => traffic.write(api));
      traffic.repeat(`reader in ${name}`, () => traffic.read(api));
    }
    traffic.repeat("new web UI", async () => traffic.list(await traffic.loadUi()));
    traffic.repeat("open web UI", () => traffic.list(opened));
    return traffic;
  }

  /**
   * Runs a change while the clients send requests, and waits until each has sent two more after it.
   * @returns the problems of the clients meanwhile.
   */
  async during(change: () => Promise<unknown>): Promise<string[]> {
    await change();
    for (const [client, count] of [...this.counts])
      await waitFor(() => this.counts.get(client)! >= count + 2, {
        what: `two more requests of the ${client}`,
      });
    return this.problems.splice(0);
  }

  /** Stops the clients after their running requests. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.clients);
  }

  private repeat(client: string, send: () => Promise<void>): void {
    this.counts.set(client, 0);
    const run = async (): Promise<void> => {
      while (!this.isStopped) {
        await this.attempt(client, send);
        this.counts.set(client, (this.counts.get(client) ?? 0) + 1);
        await delay(PAUSE_MS);
      }
    };
    this.clients.push(run());
  }

  private async attempt(client: string, send: () => Promise<void>): Promise<void> {
    try {
      return await send();
    } catch (first) {
      await delay(RETRY_AFTER_MS);
      await send().catch((second: Error) =>
        this.problems.push(`${client}: ${(first as Error).message}; a second later: ${second.message}`),
      );
    }
  }

  private async write(api: string): Promise<void> {
    const key = randomUUID();
    const body = { subject: `Live ${key}` };
    const response = await this.fetch(`${api}/tickets`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`POST ${api}/tickets: ${response.status} ${text}`);
    this.acknowledged.push({ ...body, id: (JSON.parse(text) as { id: string }).id });
  }

  private async read(api: string): Promise<void> {
    await this.expectStatus(`${api}${LIST}`, 200);
  }

  private async expectStatus(url: string, status: number): Promise<string> {
    const response = await this.fetch(url, {});
    const text = await response.text();
    if (response.status !== status) throw new Error(`GET ${url}: ${response.status} ${text.slice(0, 200)}`);
    return text;
  }

  /** Loads the web UI as a browser does, and returns its client of the regions. One of its addresses must serve it whole. */
  private async loadUi(): Promise<RegionalClient> {
    const problems: string[] = [];
    for (const url of this.uiUrls())
      try {
        return await this.loadUiFrom(url);
      } catch (error) {
        problems.push((error as Error).message);
      }
    throw new Error(problems.join("; ") || "The web UI has no address.");
  }

  /** Addresses of the web UI at this moment. While a change moves it, there are old and new ones. */
  private uiUrls(): string[] {
    const websites = this.services.s3.websiteUrls().map(({ url }) => url);
    const names = this.services.route53.zones().map(({ name }) => `app.${name.replace(/\.$/, "")}`);
    const resolving = names.filter((name) => this.services.route53.resolve(name, "A").length > 0);
    const own = this.services.cloudFront.servedNames().filter((name) => name.endsWith(".cloudfront.net"));
    return [...[...resolving, ...own].map((name) => `https://${name}`), ...websites];
  }

  private async loadUiFrom(url: string): Promise<RegionalClient> {
    const html = await this.expectStatus(`${url}/`, 200);
    for (const [, asset] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g))
      await this.expectStatus(`${url}/${asset}`, 200);
    const { apis, region, failoverUrl } = parseUiConfig(await this.expectStatus(`${url}/config.json`, 200));
    return new RegionalClient({
      ...{ apis, preferred: region.code, hasRouting: failoverUrl !== undefined, clock: browserClock },
      fetch: this.fetch,
      hedgeAfterMs: PATIENCE_MS / 2,
      timeoutMs: PATIENCE_MS,
    });
  }

  private async list(client: RegionalClient): Promise<void> {
    const { status } = await client.send({ method: "GET", path: LIST });
    if (status !== 200) throw new Error(`The web UI received ${status} for its list of tickets.`);
  }
}
