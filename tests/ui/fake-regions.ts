import { Fetch, RegionalApi } from "../../ui/src/regional-client";

export const ireland: RegionalApi = { name: "ireland", code: "eu-west-1", url: "https://ireland.test" };
export const singapore: RegionalApi = {
  name: "singapore",
  code: "ap-southeast-1",
  url: "https://singapore.test",
};

/** How a region treats a request; `silent` never answers, `cut` takes the request and drops the connection. */
export type Behaviour = "up" | "silent" | "cut" | number;

/** Two regions behind a fake fetch, which records what reaches them. */
export class FakeRegions {
  /** Such as `GET ireland /tickets`, in order. */
  readonly asked: string[] = [];
  private readonly behaviours = new Map<string, Behaviour>();

  /** @param kind only health or only the rest; both by default. */
  set(api: RegionalApi, behaviour: Behaviour, kind?: "health" | "rest"): void {
    for (const part of kind ? [kind] : ["health", "rest"])
      this.behaviours.set(`${api.name} ${part}`, behaviour);
  }

  /** What was asked since the last call. */
  takeAsked(): string[] {
    return this.asked.splice(0);
  }

  readonly fetch: Fetch = async (url, init) => {
    const { hostname, pathname } = new URL(url);
    const api = hostname === "ireland.test" ? ireland : singapore;
    this.asked.push(`${init.method} ${api.name} ${pathname}`);
    const behaviour =
      this.behaviours.get(`${api.name} ${pathname === "/health" ? "health" : "rest"}`) ?? "up";
    if (behaviour === "cut") throw new TypeError("Failed to fetch");
    if (behaviour === "silent") return untilAborted(init.signal);
    const status = behaviour === "up" ? 200 : behaviour;
    return new Response(JSON.stringify({ from: api.name }), { status, headers: { "x-served-by": api.code } });
  };
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (!signal) throw new Error("The request has no time limit.");
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
