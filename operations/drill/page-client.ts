import { type ApiAnswer, callApi } from "./http-request";

/** A request as a client of tickets sends it. */
export interface TicketRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Anything that sends a ticket request and gives the answer, whatever it does to get one. */
export interface TicketClient {
  /** @throws Error that says in a few words why there was no answer. */
  call(request: TicketRequest): Promise<ApiAnswer>;
}

/** How long the page waits for a region before it asks the other one, in milliseconds. */
const LIMIT_MS = 1000;

/**
 * A client that knows both regions' own URLs and moves on when one does not answer within a second, or answers 5xx; it
 * stays with the region that answered. The page does the same. A write that is sent again carries its idempotency key.
 */
export class PageClient implements TicketClient {
  private current: string;

  /** @param urls of the regions' APIs, the preferred one first. */
  constructor(
    private readonly urls: readonly string[],
    private readonly limitMs = LIMIT_MS,
  ) {
    this.current = urls[0];
  }

  async call(request: TicketRequest): Promise<ApiAnswer> {
    const { method, body, headers, path } = request;
    const first = this.current;
    let last: ApiAnswer | Error = new Error("no region was asked");
    for (const url of [first, ...this.urls.filter((other) => other !== first)]) {
      try {
        last = await callApi({ method, body, headers, url: `${url}${path}`, limitMs: this.limitMs });
        if (last.status >= 500) continue;
        this.current = url;
        return last;
      } catch (error) {
        last = error as Error;
      }
    }
    if (last instanceof Error) throw last;
    return last;
  }
}
