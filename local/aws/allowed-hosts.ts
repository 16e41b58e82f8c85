import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:net";

/** What every server of the local cloud may be called by, for messages. */
const LOOPBACK_NAMES = "localhost, names under .localhost, 127.0.0.0/8 and [::1]";

/** How the detail of every refusal begins. */
const REFUSAL = "The local cloud does not answer to the host ";

/** Whether an answer is a local cloud's refusal of a host: only a local cloud gives it. */
export function isForeignHostRejection(status: number | undefined, body: string): boolean {
  return status === 403 && body.includes(`"detail":${JSON.stringify(REFUSAL).slice(0, -1)}`);
}

/** The name in a Host header: in lower case, without port and final dot; undefined when the header is malformed. */
export function nameOfHost(host: string): string | undefined {
  const [, name] = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::\d*)?$/i.exec(host) ?? [];
  return name?.toLowerCase().replace(/\.$/, "");
}

/** Whether browsers and operating systems take a name for this machine without asking a DNS server that others control. */
export function isLoopbackName(name: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(name);
}

/**
 * Makes an HTTP server refuse, with 403, every request whose Host header is neither a loopback name nor one of the server's own.
 * Otherwise a web site could have its own name resolve to this machine (DNS rebinding), and its scripts could read and write
 * what the local cloud serves. A request without a Host header comes from no browser and is let through.
 * @param ownNames further names of the server, in lower case, asked at every request.
 */
export function rejectForeignHosts(server: Server, ownNames: () => readonly string[] = () => []): void {
  // Here and not in the servers' listeners, so that none can be forgotten; a listener cannot keep others from being called.
  const emit = server.emit.bind(server) as (event: string, ...values: unknown[]) => boolean;
  const guarded = (event: string, ...values: unknown[]): boolean => {
    if (event !== "request") return emit(event, ...values);
    const [request, response] = values as [IncomingMessage, ServerResponse];
    const { host } = request.headers;
    if (host === undefined || isAllowed(host, ownNames())) return emit(event, ...values);
    reject(request, response, host, ownNames());
    return true;
  };
  server.emit = guarded as typeof server.emit;
}

function isAllowed(host: string, ownNames: readonly string[]): boolean {
  const name = nameOfHost(host);
  return name !== undefined && (isLoopbackName(name) || ownNames.includes(name));
}

/** Answers as problem details (RFC 9457), with the `message` that clients of AWS look for. */
function reject(
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  ownNames: readonly string[],
): void {
  const allowed = [...ownNames, LOOPBACK_NAMES].join(", ");
  const detail = `${REFUSAL}${JSON.stringify(host)}. Allowed are ${allowed}.`;
  const problem = { type: "about:blank", title: "Forbidden", status: 403, detail, message: detail };
  request.resume();
  response.writeHead(403, { "content-type": "application/problem+json", connection: "close" });
  response.end(JSON.stringify(problem));
}
