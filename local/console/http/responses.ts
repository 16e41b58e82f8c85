import type { IncomingMessage, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";

/** Prevent clickjacking: no page may show the console in a frame. */
const FRAME_HEADERS = { "x-frame-options": "DENY", "content-security-policy": "frame-ancestors 'none'" };

/** Sends a response that no cache keeps. */
export function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  const headers = {
    ...FRAME_HEADERS,
    "content-type": contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  response.writeHead(status, headers).end(body);
}

export function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 200, "application/json", JSON.stringify(value));
}

/** Sends problem details (RFC 9457). */
export function sendProblem(response: ServerResponse, status: number, detail: string): void {
  const problem = { type: "about:blank", title: STATUS_CODES[status], status, detail };
  send(response, status, "application/problem+json", JSON.stringify(problem));
}

/** @param allowed methods, separated by commas. */
export function sendMethodNotAllowed(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: string,
): void {
  response.setHeader("allow", allowed);
  sendProblem(response, 405, `${request.method} is not allowed. Allowed methods: ${allowed}.`);
}
