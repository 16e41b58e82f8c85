import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** File that a web server returned. */
export interface ReceivedFile {
  readonly status: number;
  /** Content type without parameters, in lower case; empty without one. */
  readonly type: string;
  readonly text: string;
}

/** Where a request goes, if not where the system resolves its host to. */
export interface Route {
  /** Address of the host. */
  readonly address?: string;
  /** PEM of the trusted certificate authority; the system authorities if omitted. */
  readonly ca?: string;
  /** Ends the request early. */
  readonly stop?: AbortSignal;
}

/** Timeout of a request, in milliseconds. CloudFront can need seconds to fail over to its second origin. */
const LIMIT_MS = 10_000;

/**
 * Sends a GET request on a new connection. Redirects are not followed.
 * @throws Error with a short reason, if there is no complete response within ten seconds.
 */
export async function getFile(url: string, { address, ca, stop }: Route = {}): Promise<ReceivedFile> {
  const { protocol, hostname, port, pathname, search, host } = new URL(url);
  const isSecure = protocol === "https:";
  const limit = AbortSignal.timeout(LIMIT_MS);
  const signal = stop ? AbortSignal.any([limit, stop]) : limit;
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const late = limit.aborted ? `no response within ${LIMIT_MS / 1000} s` : undefined;
      reject(new Error(late ?? error.code ?? error.message, { cause: error }));
    };
    const outgoing = (isSecure ? httpsRequest : httpRequest)({
      host: address ?? loopbackOf(hostname) ?? hostname,
      port: port || undefined,
      path: `${pathname}${search}`,
      headers: { host },
      ...(isSecure && { servername: hostname, ca }),
      agent: false,
      signal,
    });
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", fail);
      response.on("end", () => {
        const type = (response.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
        resolve({ status: response.statusCode as number, type, text });
      });
    });
    outgoing.end();
  });
}

/** Names under `localhost` are loopback addresses, but not every resolver knows them: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function loopbackOf(hostname: string): string | undefined {
  return hostname.endsWith(".localhost") ? "127.0.0.1" : undefined;
}
