import type { IncomingMessage } from "node:http";
import { readToEnd } from "../../aws/read-body";
import { RouteError } from "./route";

const MAXIMUM_BODY_BYTES = 1024;

/**
 * Returns the JSON value of a request that changes something; undefined for a body that is not JSON.
 * @param consoleUrl for the error message.
 * @throws RouteError 403 for a request of another site, 415 without the content type of JSON, 413 for a body that is too long.
 */
export async function readChange(request: IncomingMessage, consoleUrl: string): Promise<unknown> {
  const { origin, host = "" } = request.headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    throw new RouteError(
      403,
      `The origin ${JSON.stringify(origin)} may not change anything. Use the console at ${consoleUrl}, or a client that sends no Origin.`,
    );
  // A page of another site needs a CORS preflight for this content type, which the console does not support.
  if (!request.headers["content-type"]?.startsWith("application/json"))
    throw new RouteError(415, "Send the body as application/json.");
  const body = await readToEnd(request, MAXIMUM_BODY_BYTES);
  if (body === undefined) throw new RouteError(413, `The body is longer than ${MAXIMUM_BODY_BYTES} bytes.`);
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    // The route names the value that it needs.
    return undefined;
  }
}

/** Returns a member of a JSON value of any type; undefined if it has none. */
export function memberOf(body: unknown, name: string): unknown {
  const isObject = typeof body === "object" && body !== null;
  return isObject && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined;
}
