import type { RegionalApi } from "./api-types";
import type { Clock } from "./browser";
import { RegionFailure, TOO_MANY_REQUESTS } from "./errors";

/** Request that any region can serve, any number of times, with the same result. */
export interface RegionalRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Headers by lower-case name, except the content type. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body, sent as JSON. */
  readonly body?: unknown;
  /** Whether the request continues when the user leaves the web UI. */
  readonly keepalive?: boolean;
}

/** Response of a region with a status below 500, except 429. */
export interface RegionResponse {
  readonly status: number;
  /** Parsed JSON. Undefined for an empty body, and for a body that is not JSON of a response that is no success. */
  readonly body: unknown;
  /** AWS region code from the `x-served-by` header. */
  readonly servedBy: string;
}

/** Part of the Fetch API that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<FetchedResponse>;
/** Part of a response that is used. */
export type FetchedResponse = Pick<Response, "status" | "ok" | "text"> & {
  readonly headers: Pick<Headers, "get">;
};

/** Request that is in flight. */
export interface SentRequest {
  /** Rejects with RegionFailure on a network error, a timeout, a 429, a 5xx, and a success that is not JSON. */
  readonly response: Promise<RegionResponse>;
  /** Stops waiting. The region may still apply the request. */
  readonly abort: () => void;
}

/**
 * Sends a request to one region once. The request is sent when this function returns.
 * @param options.timeoutMs time for the whole response including its body, in milliseconds.
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

/**
 * Returns the cache mode of a request. Reads bypass the browser's HTTP cache.
 *
 * Writes never use that cache, but their mode decides about the cache of preflight requests: Chromium preflights each request whose mode
 * bypasses or validates the HTTP cache (`PreflightController::PerformPreflightCheck` in `services/network/cors/preflight_controller.cc`).
 * The mode `default` is not enough: with a header such as If-Match it becomes `no-store`, a step of
 * https://fetch.spec.whatwg.org/#http-network-or-cache-fetch. The mode `force-cache` stays.
 * @param method GET by default.
 */
export function cacheModeOf(method = "GET"): "no-store" | "force-cache" {
  return method === "GET" || method === "HEAD" ? "no-store" : "force-cache";
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
    throw new RegionFailure(api, (error as Error).message, { cause: error });
  }
  const { status, ok } = response;
  if (status >= 500 || status === TOO_MANY_REQUESTS)
    throw new RegionFailure(api, `it returned ${status}`, {
      fault: status,
      wroteNothing: reportsNothingWritten(response),
      retryAfterMs: Number(response.headers.get("retry-after") ?? 0) * 1_000 || 0,
    });
  return {
    status,
    body: parseBody(api, text, ok),
    servedBy: response.headers.get("x-served-by") ?? api.code,
  };
}

/**
 * Returns whether a response reports that nothing was written: a 429, or a 503 with problem details, which only the API's functions
 * return. API Gateway returns a 503 of its own while the function still runs, such as after its time limit.
 */
function reportsNothingWritten({ status, headers }: FetchedResponse): boolean {
  if (status === TOO_MANY_REQUESTS) return true;
  return status === 503 && (headers.get("content-type") ?? "").startsWith("application/problem+json");
}

function parseBody(api: RegionalApi, text: string, needed: boolean): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (needed)
      throw new RegionFailure(api, "its response is not JSON", { fault: "unreadable", cause: error });
    return undefined;
  }
}
