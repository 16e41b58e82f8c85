import { request as httpsRequest, type RequestOptions } from "node:https";
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Headers that apply to one connection only (RFC 9110, section 7.6.1), and `expect`, which Node.js answers itself. */
const HOP_BY_HOP = [
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Headers of a changed response, and the stream that changes its body; without one the body is unchanged. */
interface ChangedResponse {
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Transform;
}

/** Settings of one forwarded request. */
export interface ProxyOptions {
  /** Address, path, headers, agent and time limit of the request to the upstream server. */
  readonly upstream: RequestOptions;
  /** Request body, if it has been read already; otherwise the client's body is streamed. */
  readonly body?: Buffer;
  /** Changes the response of the upstream server; by default it is passed on unchanged. */
  readonly changeResponse?: (headers: IncomingHttpHeaders, status: number) => ChangedResponse;
}

/**
 * Forwards a request to an upstream server and streams the response back, both without hop-by-hop headers.
 * @throws Error when the upstream server cannot be reached, times out or breaks off, or when the client disconnects.
 */
export async function proxyRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ProxyOptions,
): Promise<void> {
  const upstream = await sendUpstream(request, response, options);
  const status = upstream.statusCode as number;
  const { headers, body } = options.changeResponse?.(upstream.headers, status) ?? {
    headers: upstream.headers,
  };
  response.writeHead(status, endToEnd(headers));
  await (body ? pipeline(upstream, body, response) : pipeline(upstream, response));
}

/** Returns a stream that collects a whole body and passes on what `change` makes of it. */
export function changeWholeBody(change: (body: Buffer) => Buffer | string): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      try {
        done(null, change(Buffer.concat(chunks)));
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function sendUpstream(
  request: IncomingMessage,
  response: ServerResponse,
  { upstream, body }: ProxyOptions,
): Promise<IncomingMessage> {
  const headers = endToEnd(upstream.headers as OutgoingHttpHeaders);
  if (body) headers["content-length"] = body.length;
  const send = upstream.protocol === "https:" ? httpsRequest : httpRequest;
  const outgoing = send({ ...upstream, method: request.method, headers });
  outgoing.once("timeout", () =>
    outgoing.destroy(new Error(`no response within ${(upstream.timeout as number) / 1000} s`)),
  );
  response.once("close", () => {
    outgoing.destroy();
    // A client that receives an early response may still be sending; it reads the response only after its body is read.
    request.resume();
  });
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    if (body) outgoing.end(body);
    else request.pipe(outgoing);
  });
}

function endToEnd(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
