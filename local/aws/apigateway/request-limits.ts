import type { IncomingMessage } from "node:http";
import { readToEnd } from "../read-body";

/** "Payload size: 10 MB", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Reads a request body, and returns `"too large"` for more than 10 MB. @throws Error when the client disconnects. */
export async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  return (await readToEnd(request, MAX_BODY_BYTES)) ?? "too large";
}

/** "Total combined size of request line and header values: 10240 bytes", same page. */
const MAX_HEAD_BYTES = 10_240;

/** Whether the request line and the header values are over 10,240 bytes. */
export function isHeadTooLarge(request: IncomingMessage): boolean {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`.length;
  const values = request.rawHeaders.filter((_, index) => index % 2 === 1);
  return values.reduce((size, value) => size + value.length, line) > MAX_HEAD_BYTES;
}

/**
 * Returns the path and the query of a request target, which may be in absolute form (RFC 9112, section 3.2.2).
 * Returns undefined without a path or for malformed percent-encoding.
 */
export function splitTarget(target: string): { path: string; query: string } | undefined {
  const [, path, query] = /^(?:https?:\/\/[^/?#]*)?(\/[^?#]*)(?:\?([^#]*))?/i.exec(target) ?? [];
  try {
    return path === undefined || decodeURIComponent(path).includes("\0")
      ? undefined
      : { path, query: query ?? "" };
  } catch {
    // decodeURIComponent throws nothing but a URIError.
    return undefined;
  }
}
