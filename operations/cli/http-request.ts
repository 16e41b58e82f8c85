import { type Agent, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connectTo } from "../../shared/connect-to";

/** API request. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Addresses of the host, which are tried in this order; looked up if omitted. */
  readonly addresses?: readonly string[];
  /** PEM of the trusted certificate authority; the system authorities if omitted. */
  readonly ca?: string;
  /** Connections that the request may use; a new one by default. */
  readonly agent?: Agent;
  readonly limitMs: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/** Whole response of a server. */
interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** API response. */
export interface ReceivedResponse {
  readonly status: number;
  /** AWS code of the region that responded. */
  readonly servedBy?: string;
  /** Parsed body; undefined if it is not JSON. */
  readonly body: unknown;
}

/** Calls an API. @throws Error with a short reason, if there is no complete response within the limit. */
export async function callApi(call: ApiCall): Promise<ReceivedResponse> {
  const { status, headers, text } = await sendRequest(call);
  return { status, servedBy: headers["x-served-by"] as string | undefined, body: parsed(text) };
}

/**
 * Sends one request, by default on a new connection, as a client does after a connection loss. Redirects are not followed.
 * @throws Error with a short reason, if there is no complete response within the limit.
 */
export async function sendRequest(call: ApiCall): Promise<RawResponse> {
  const { protocol, hostname, port, pathname, search, host } = new URL(call.url);
  const send = protocol === "https:" ? httpsRequest : httpRequest;
  const content = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const outgoing = send({
      host: hostname,
      ...(call.addresses && connectTo(call.addresses)),
      port: port || undefined,
      path: `${pathname}${search}`,
      method: call.method,
      headers: {
        host,
        ...(content !== undefined && { "content-type": "application/json" }),
        ...call.headers,
      },
      ...(protocol === "https:" && { servername: hostname, ca: call.ca }),
      agent: call.agent ?? false,
      signal: call.signal,
    });
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no response within ${call.limitMs} ms`)),
      call.limitMs,
    );
    const fail = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      reject(new Error(error.code ?? error.message, { cause: error }));
    };
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", fail);
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode as number, headers: response.headers, text });
      });
    });
    outgoing.end(content);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy may respond with HTML; the status is sufficient.
    return undefined;
  }
}
