import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream";
import { ServiceError } from "./service-errors";

/** Headers that belong to one connection and are not passed on (RFC 9110, section 7.6.1), and `expect`, which is answered here. */
const HOP_BY_HOP = ["connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

/** How a request is passed on. */
export interface ForwardOptions {
  readonly agent: Agent;
  /** Base URL of the service. */
  readonly upstream: string;
  /** The body if it has been read; otherwise it is streamed. */
  readonly body?: Buffer;
  /** Is given the body of a successful answer before the caller gets it. */
  readonly observe?: (answer: Buffer) => void;
}

/**
 * Passes a request on and its answer back, both unchanged. When the service cannot be reached or breaks off, the
 * caller's connection is dropped, as the network would.
 */
export function forward(incoming: IncomingMessage, response: ServerResponse, options: ForwardOptions): void {
  const { body, observe } = options;
  const { hostname, port } = new URL(options.upstream);
  const headers = { ...incoming.headers };
  for (const name of HOP_BY_HOP) delete headers[name];
  if (observe) delete headers["accept-encoding"];
  if (body) headers["content-length"] = String(body.length);
  const { method, url: path } = incoming;
  const outgoing = httpRequest({ agent: options.agent, hostname, port, method, path, headers });
  const drop = (): void => void incoming.socket.destroy();
  outgoing.on("error", drop);
  response.on("close", () => outgoing.destroy());
  outgoing.on("response", (answer) => {
    answer.on("error", drop);
    if (observe) return void answerObserved(answer, response, observe).catch(drop);
    response.writeHead(answer.statusCode as number, withoutHopByHop(answer));
    pipeline(answer, response, (error) => error && drop());
  });
  if (body) outgoing.end(body);
  else incoming.pipe(outgoing);
}

async function answerObserved(
  answer: IncomingMessage,
  response: ServerResponse,
  observe: (answer: Buffer) => void,
): Promise<void> {
  const body = await readAll(answer);
  if (answer.statusCode === 200) observe(body);
  response.writeHead(answer.statusCode as number, withoutHopByHop(answer));
  response.end(body);
}

function withoutHopByHop(answer: IncomingMessage): IncomingMessage["headers"] {
  const headers = { ...answer.headers };
  for (const name of HOP_BY_HOP) delete headers[name];
  return headers;
}

/**
 * Reads a message's body whole.
 * @param limit bytes.
 * @throws ServiceError 413 when there are more.
 */
export async function readAll(message: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection must outlive a refused body: the refusal is sent on it.
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new ServiceError(413, "RequestEntityTooLarge", `The body has more than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Asks a service on the endpoint's own account.
 * @throws NetworkError when the service cannot be reached or breaks off.
 */
export async function post(
  url: string,
  options: { readonly headers: OutgoingHttpHeaders; readonly body: string },
): Promise<{ status: number; body: Buffer }> {
  const { headers, body } = options;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      // No agent: the global one may use a proxy that the environment names.
      httpRequest(url, { method: "POST", headers, agent: false }, resolve).on("error", reject).end(body);
    });
    return { status: answer.statusCode as number, body: await readAll(answer) };
  } catch (error) {
    throw new NetworkError(`${url} does not answer: ${(error as Error).message}`, { cause: error });
  }
}

/** The service behind the endpoint could not be reached. */
export class NetworkError extends Error {}
