import type { Fetch, FetchedResponse } from "../../ui/src/data/region-request";
import type { RegionalApi } from "../../ui/src/data/api-types";
import type { FakeClock } from "./fake-clock";
import { FakeRegion, FakeResponse } from "./fake-region";

export const ireland: RegionalApi = { name: "ireland", code: "eu-west-1", url: "https://ireland.test" };
export const singapore: RegionalApi = {
  name: "singapore",
  code: "ap-southeast-1",
  url: "https://singapore.test",
};
export const failoverUrl = "https://api.tickets.test";

/**
 * How a region treats requests. Not done: `cut` drops the connection, `silent` never answers, a number is the status.
 * Done: `up` answers at once, `late` a second and a half later, `mute` never, `lost` drops the connection before the answer.
 */
export type Behaviour = "up" | "late" | "cut" | "silent" | "mute" | "lost" | number;

type Kind = "health" | "read" | "write";

const SLOW_MS = 1_500;

/** Two regions behind a fake fetch, which records what reaches them. */
export class FakeRegions {
  /** Such as `GET ireland /tickets`, in order. */
  private readonly requests: string[] = [];
  /** What was sent, in the same order. */
  readonly requestInits: RequestInit[] = [];
  readonly ireland: FakeRegion;
  readonly singapore: FakeRegion;
  /** The region that the failover name leads to; undefined while it cannot be resolved. */
  failoverRegion: RegionalApi | undefined;
  private readonly behaviours = new Map<string, Behaviour>();

  constructor(private readonly clock: FakeClock) {
    this.ireland = new FakeRegion(ireland, () => clock.now());
    this.singapore = new FakeRegion(singapore, () => clock.now());
  }

  get both(): readonly FakeRegion[] {
    return [this.ireland, this.singapore];
  }

  /** @param kinds only these requests; all by default. */
  setBehaviour(api: RegionalApi, behaviour: Behaviour, ...kinds: Kind[]): void {
    for (const kind of kinds.length > 0 ? kinds : (["health", "read", "write"] as const))
      this.behaviours.set(`${api.name} ${kind}`, behaviour);
  }

  /** Brings every item to the other region. */
  replicate(): void {
    for (const item of [...this.ireland.items.values()]) this.singapore.put(item);
    for (const item of [...this.singapore.items.values()]) this.ireland.put(item);
  }

  /** What was asked since the last call. */
  takeRequests(): string[] {
    return this.requests.splice(0);
  }

  readonly fetch: Fetch = async (address, init) => {
    const url = new URL(address);
    const api = this.apiAt(url);
    this.requests.push(`${init.method} ${api?.name ?? "nowhere"} ${url.pathname}`);
    this.requestInits.push(init);
    if (!api) throw new TypeError("Failed to fetch");
    const region = api === ireland ? this.ireland : this.singapore;
    const kind = url.pathname === "/health" ? "health" : init.method === "GET" ? "read" : "write";
    const behaviour = this.behaviours.get(`${api.name} ${kind}`) ?? "up";
    if (behaviour === "cut") throw new TypeError("Failed to fetch");
    if (behaviour === "silent") return untilAborted(init.signal);
    if (typeof behaviour === "number") return responseOf(api, { status: behaviour, body: {} });
    const headers = new Headers(init.headers);
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    const response = responseOf(api, region.handle({ method: init.method!, url, headers, body }));
    if (behaviour === "lost") throw new TypeError("Failed to fetch");
    if (behaviour === "mute") return untilAborted(init.signal);
    if (behaviour === "late") await Promise.race([this.later(), untilAborted(init.signal)]);
    return response;
  };

  private apiAt({ origin }: URL): RegionalApi | undefined {
    return origin === failoverUrl
      ? this.failoverRegion
      : [ireland, singapore].find(({ url }) => url === origin);
  }

  private later(): Promise<void> {
    return new Promise((resolve) => this.clock.after(SLOW_MS, resolve));
  }
}

function responseOf(api: RegionalApi, { status, body }: FakeResponse): FetchedResponse {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = new Headers({ "x-served-by": api.code });
  return { status, ok: status < 300, headers, text: async () => text };
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (!signal) throw new Error("The request cannot be aborted.");
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
