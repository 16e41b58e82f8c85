import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:net";

/** Host names that every server of the local cloud accepts, for messages. */
const LOOPBACK_NAMES = "localhost, names under .localhost, 127.0.0.0/8 and [::1]";

/** First words of the detail of every rejection. */
const REJECTION = "The local cloud does not accept the host ";

/** Whether a response is the rejection of a host by a local cloud; no other server sends it. */
export function isForeignHostRejection(status: number | undefined, body: string): boolean {
  return status === 403 && body.includes(`"detail":${JSON.stringify(REJECTION).slice(0, -1)}`);
}

/** Returns the name in a Host header in lower case, without port and final dot; undefined for a malformed header. */
export function nameOfHost(host: string): string | undefined {
  const [, name] = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::\d*)?$/i.exec(host) ?? [];
  return name?.toLowerCase().replace(/\.$/, "");
}

/** Whether browsers and operating systems resolve a name to this machine without a DNS server that others control. */
export function isLoopbackName(name: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(name);
}

/**
 * Makes an HTTP server return 403 to every request whose Host header is neither a loopback name nor one of the server's own.
 * Otherwise, a web site could let its own name resolve to this machine (DNS rebinding), and its scripts could read and change
 * what the local cloud serves. A request without a Host header does not come from a browser and is accepted.
 * @param ownNames returns further names of the server, in lower case; called for every request.
 */
export function rejectForeignHosts(server: Server, ownNames: () => readonly string[] = () => []): void {
  // Replaces `emit`, because a listener cannot stop the listeners that are registered after it.
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

/** Sends problem details (RFC 9457) with the `message` field that AWS clients read. */
function reject(
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  ownNames: readonly string[],
): void {
  const allowed = [...ownNames, LOOPBACK_NAMES].join(", ");
  const detail = `${REJECTION}${JSON.stringify(host)}. Allowed are ${allowed}.`;
  const problem = { type: "about:blank", title: "Forbidden", status: 403, detail, message: detail };
  request.resume();
  response.writeHead(403, { "content-type": "application/problem+json", connection: "close" });
  response.end(JSON.stringify(problem));
}
