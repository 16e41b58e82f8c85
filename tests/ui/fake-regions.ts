import type { Fetch, FetchedResponse } from "../../ui/src/data/region-request";
import type { RegionalApi } from "../../ui/src/data/api-types";
import type { RegionalClientOptions } from "../../ui/src/data/client-request";
import { RegionalClient } from "../../ui/src/data/regional-client";
import type { FakeClock } from "./fake-clock";
import { FakeRegion, FakeResponse } from "./fake-region";

export const ireland: RegionalApi = { name: "ireland", code: "eu-west-1", url: "https://ireland.test" };
export const singapore: RegionalApi = {
  name: "singapore",
  code: "ap-southeast-1",
  url: "https://singapore.test",
};

/**
 * Behavior of a region. It applies them and responds immediately (`up`), half a second after the web UI asks the other region (`slow`), after 2.5 s (`cold`) or never (`applies, hangs`),
 * or applies them and disconnects or lets API Gateway return a 503 of its own. It does not apply them if it disconnects, hangs or
 * returns a status. A busy region refuses requests with a 429, which a browser hides without CORS headers; it still responds to HEAD.
 */
export type Behavior =
  | "up"
  | "slow"
  | "cold"
  | "disconnects"
  | "hangs"
  | "applies, hangs"
  | "applies, disconnects"
  | "applies, gateway 503"
  | "busy"
  | "busy, hidden"
  | number;

const KINDS = ["health", "routing", "read", "write"] as const;
type Kind = (typeof KINDS)[number];

const SLOW_MS = { health: 1_500, routing: 1_500, read: 1_500, write: 3_500 };
/** First write after a pause in the farther region: two functions start in 0.8 s each, and five round trips, with that of DNS, take 0.18 s each. */
const COLD_MS = 2 * 800 + 5 * 180;
/** Content type of problem details, which only the API's functions return. */
const PROBLEM_TYPE = "application/problem+json";

/** Two regions behind a fake fetch function that records the requests. */
export class FakeRegions {
  /** Requests in order, such as `GET ireland /tickets`. */
  private readonly requests: string[] = [];
  /** Options of the requests, in the same order. */
  readonly requestInits: RequestInit[] = [];
  readonly ireland: FakeRegion;
  readonly singapore: FakeRegion;
  private readonly behaviors = new Map<string, Behavior>();

  constructor(private readonly clock: FakeClock) {
    this.ireland = new FakeRegion(ireland, () => clock.now());
    this.singapore = new FakeRegion(singapore, () => clock.now());
  }

  get both(): readonly FakeRegion[] {
    return [this.ireland, this.singapore];
  }

  /**
   * Sets the behavior of a region.
   * @param kinds kinds of requests; all by default.
   */
  setBehavior(api: RegionalApi, behavior: Behavior, ...kinds: Kind[]): void {
    for (const kind of kinds.length > 0 ? kinds : KINDS) this.behaviors.set(`${api.name} ${kind}`, behavior);
  }

  /** Replicates all items in both directions. */
  replicate(): void {
    for (const item of [...this.ireland.items.values()]) this.singapore.put(item);
    for (const item of [...this.singapore.items.values()]) this.ireland.put(item);
  }

  /** Returns the requests since the last call. */
  takeRequests(): string[] {
    return this.requests.splice(0);
  }

  /** Creates a client that prefers Ireland. */
  newClient(options: Partial<RegionalClientOptions> = {}): RegionalClient {
    return new RegionalClient({
      ...{ apis: [ireland, singapore], preferred: ireland.code, fetch: this.fetch, clock: this.clock },
      random: () => 0,
      ...options,
    });
  }

  readonly fetch: Fetch = async (address, init) => {
    const url = new URL(address);
    const api = [ireland, singapore].find((region) => region.url === url.origin);
    if (!api) throw new Error(`${url.origin} is not the URL of a region.`);
    if (init.method === "HEAD") return this.probe(api);
    this.requests.push(`${init.method} ${api.name} ${url.pathname}`);
    this.requestInits.push(init);
    const region = api === ireland ? this.ireland : this.singapore;
    const kind = kindOf(init.method, url.pathname);
    const behavior = this.behaviors.get(`${api.name} ${kind}`) ?? "up";
    if (behavior === "busy") return responseOf(api, { status: 429, body: { message: "Too Many Requests" } });
    if (behavior === "busy, hidden") throw new TypeError("Failed to fetch");
    if (behavior === "disconnects") throw new TypeError("Failed to fetch");
    if (behavior === "hangs") return untilAborted(init.signal);
    if (typeof behavior === "number") return responseOf(api, { status: behavior, body: {} }, PROBLEM_TYPE);
    const headers = new Headers(init.headers);
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    const response = responseOf(api, region.handle({ method: init.method!, url, headers, body }));
    if (behavior === "applies, disconnects") throw new TypeError("Failed to fetch");
    if (behavior === "applies, gateway 503")
      return responseOf(api, { status: 503, body: { message: "Service Unavailable" } });
    if (behavior === "applies, hangs") return untilAborted(init.signal);
    if (behavior === "slow") await this.later(SLOW_MS[kind], init.signal);
    if (behavior === "cold") await this.later(COLD_MS, init.signal);
    return response;
  };

  private later(milliseconds: number, signal: RequestInit["signal"]): Promise<void> {
    const over = new Promise<void>((resolve) => this.clock.after(milliseconds, resolve));
    return Promise.race([over, untilAborted(signal)]);
  }

  /** Responds to the HEAD request with which the web UI asks whether a region is busy, unless reads or writes lose connections. */
  private probe(api: RegionalApi): FetchedResponse {
    const behaviors = ["read", "write"].map((kind) => this.behaviors.get(`${api.name} ${kind}`) ?? "up");
    const isBusy = behaviors.some((behavior) => String(behavior).startsWith("busy"));
    if (!isBusy) throw new TypeError("Failed to fetch");
    return responseOf(api, { status: 200 });
  }
}

function kindOf(method: string | undefined, path: string): Kind {
  if (path === "/health") return "health";
  if (path === "/routing") return "routing";
  return method === "GET" ? "read" : "write";
}

function responseOf(
  api: RegionalApi,
  { status, body }: FakeResponse,
  type = "application/json",
): FetchedResponse {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = new Headers({ "x-served-by": api.code, "content-type": type });
  return { status, ok: status < 300, headers, text: async () => text };
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (!signal) throw new Error("The request cannot be aborted.");
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
