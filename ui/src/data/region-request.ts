import type { RegionalApi } from "./api-types";
import type { Clock } from "./browser";
import { RegionFailure } from "./errors";

/** A request that means the same whichever region gets it, and however often. */
export interface RegionalRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** By lower-case name, besides the content type. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether it goes on when the page is left. */
  readonly keepalive?: boolean;
}

/** What a region answered: any status below 500. */
export interface RegionResponse {
  readonly status: number;
  /** The parsed JSON; undefined for an empty body, and for one that is not JSON of a status that is no success. */
  readonly body: unknown;
  /** AWS code of the region that answered, as it names itself in `x-served-by`. */
  readonly servedBy: string;
}

/** The part of the Fetch API that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<FetchedResponse>;
/** The part of a response that is used. */
export type FetchedResponse = Pick<Response, "status" | "ok" | "text"> & {
  readonly headers: Pick<Headers, "get">;
};

/** A question that is under way. */
export interface SentRequest {
  /** Rejects with RegionFailure on a network error, when the limit passes, on a 5xx, and on a success that is not JSON. */
  readonly response: Promise<RegionResponse>;
  /** Stops waiting. The region may have taken the request all the same. */
  readonly abort: () => void;
}

/**
 * Asks one region once. The request has left when this returns.
 * @param limit milliseconds for the whole answer, its body included.
 */
export function sendToRegion(
  options: { readonly fetch: Fetch; readonly clock: Clock; readonly timeoutMs: number },
  api: RegionalApi,
  request: RegionalRequest,
): SentRequest {
  const { fetch, clock, timeoutMs } = options;
  const controller = new AbortController();
  const abort = (reason: string): void => controller.abort(new Error(reason));
  const cancelTimeout = clock.after(timeoutMs, () => abort(`no response within ${timeoutMs} ms`));
  const fetched = fetch(api.url + request.path, { ...requestInit(request), signal: controller.signal });
  const response = responseOf(api, fetched).finally(cancelTimeout);
  return { response, abort: () => abort("no longer wanted") };
}

function requestInit({ method, headers, body, keepalive }: RegionalRequest): RequestInit {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const type: Record<string, string> = content === undefined ? {} : { "content-type": "application/json" };
  return { method, headers: { ...type, ...headers }, body: content, keepalive };
}

async function responseOf(api: RegionalApi, fetched: Promise<FetchedResponse>): Promise<RegionResponse> {
  let response: FetchedResponse;
  let text: string;
  try {
    response = await fetched;
    text = await response.text();
  } catch (error) {
    throw new RegionFailure(api, (error as Error).message, "silent", error);
  }
  const { status, ok } = response;
  if (status >= 500) throw new RegionFailure(api, `it answered ${status}`, status);
  return {
    status,
    body: parseBody(api, text, ok),
    servedBy: response.headers.get("x-served-by") ?? api.code,
  };
}

function parseBody(api: RegionalApi, text: string, needed: boolean): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (needed) throw new RegionFailure(api, "its answer is not JSON", "unreadable", error);
    return undefined;
  }
}
