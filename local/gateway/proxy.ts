import { request as httpsRequest, type RequestOptions } from "node:https";
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Headers that concern one connection only (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Longer than API Gateway's own limit of 30 seconds, so that its answer comes first. */
const UPSTREAM_TIMEOUT_MS = 35_000;

/** What a proxy changes on the way. */
export interface Rewriting {
  /** Headers that are sent in place of the client's own. */
  readonly request: OutgoingHttpHeaders;
  readonly answer: (headers: IncomingHttpHeaders) => {
    readonly headers: OutgoingHttpHeaders;
    /** What the body goes through; undefined for one that stays as it is. */
    readonly body?: Transform;
  };
}

const UNCHANGED: Rewriting = { request: {}, answer: (headers) => ({ headers }) };

/**
 * Passes a request on and its answer back, both as streams. Rejects when the upstream fails or the client goes away.
 * @param rewriting what is changed on the way; nothing by default.
 */
export async function proxy(
  options: RequestOptions,
  request: IncomingMessage,
  response: ServerResponse,
  rewriting: Rewriting = UNCHANGED,
): Promise<void> {
  const send = options.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { ...options.headers, ...rewriting.request };
  const outgoing = send({
    agent: false,
    ...options,
    headers,
    method: request.method,
    timeout: UPSTREAM_TIMEOUT_MS,
  });
  outgoing.once("timeout", () =>
    outgoing.destroy(new Error(`no answer within ${UPSTREAM_TIMEOUT_MS / 1000} s`)),
  );
  response.once("close", () => {
    outgoing.destroy();
    // What the client still sends after an early answer has to go somewhere, or it never reads that answer.
    request.resume();
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    // A request without a body can be passed on again, to another server.
    if (hasBody(request)) request.pipe(outgoing);
    else outgoing.end();
  });
  const { headers: answered, body } = rewriting.answer(answer.headers);
  response.writeHead(answer.statusCode ?? 502, endToEnd(answered));
  await (body ? pipeline(answer, body, response) : pipeline(answer, response));
}

/** The headers that a proxy passes on. */
export function endToEnd(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}
