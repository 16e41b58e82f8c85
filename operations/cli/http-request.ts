import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** A request to an API. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the URL's name is found; its own look-up without one. */
  readonly address?: string;
  /** PEM of the authority that is trusted instead of the system's. */
  readonly ca?: string;
  readonly limitMs: number;
}

/** What an API answered. */
export interface ApiAnswer {
  readonly status: number;
  /** AWS code of the region that answered. */
  readonly servedBy?: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: unknown;
}

/**
 * Sends one request on a connection of its own, as a client that has lost its last one does.
 * @throws Error whose message is the reason in a few words, when there is no whole answer within the limit.
 */
export async function callApi(call: ApiCall): Promise<ApiAnswer> {
  const { protocol, hostname, port, pathname, search, host } = new URL(call.url);
  const send = protocol === "https:" ? httpsRequest : httpRequest;
  const content = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const outgoing = send({
      host: call.address ?? hostname,
      port: port || undefined,
      path: `${pathname}${search}`,
      method: call.method,
      headers: {
        host,
        ...(content !== undefined && { "content-type": "application/json" }),
        ...call.headers,
      },
      ...(protocol === "https:" && { servername: hostname, ca: call.ca }),
      agent: false,
    });
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${call.limitMs} ms`)),
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
        const servedBy = response.headers["x-served-by"] as string | undefined;
        resolve({ status: response.statusCode as number, servedBy, body: parsed(text) });
      });
    });
    outgoing.end(content);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway on the way may answer with a page; the status says enough.
    return undefined;
  }
}
