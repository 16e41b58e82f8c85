import { createServer, IncomingMessage, request as send } from "node:http";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, before } from "mocha";
import { closeServer, listen } from "../../../local/aws/listen";

/** What happens to the first request on a connection that died while the function was frozen. */
export type Death = "request is lost" | "response is lost";

/**
 * Relay in front of the DynamoDB of `AWS_ENDPOINT_URL_DYNAMODB`, for the tests of a `describe` that runs one. Connections die when the
 * function is frozen, which learns of it with its next request, as on AWS.
 */
export class FrozenConnections {
  private upstream = "";
  private readonly open = new Set<Socket>();
  private readonly dead = new Map<Socket, Death>();
  /** Number of requests that arrived on dead connections since the last freeze. */
  lost = 0;

  private readonly server = createServer(async (request, response) => {
    const death = this.dead.get(request.socket);
    const body = await buffer(request);
    if (death) this.lost++;
    if (death === "request is lost") return void request.socket.resetAndDestroy();
    const answer = await forwarded(this.upstream, request, body);
    if (death) return void request.socket.resetAndDestroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });

  constructor() {
    before(async () => {
      this.upstream = process.env.AWS_ENDPOINT_URL_DYNAMODB as string;
      const port = await listen(this.server, { port: 0, purpose: "the relay" });
      process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
    });
    after(() => closeServer(this.server));
    this.server.on("connection", (socket) => {
      this.open.add(socket);
      socket.once("close", () => this.open.delete(socket));
    });
  }

  /** Ends all connections without telling the function. @returns their number. */
  freeze(death: Death): number {
    this.open.forEach((socket) => this.dead.set(socket, death));
    this.lost = 0;
    return this.open.size;
  }
}

async function forwarded(
  upstream: string,
  { method, headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: IncomingMessage["headers"]; body: Buffer }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    send(upstream, { method, headers }, resolve).on("error", reject).end(body);
  });
  const { statusCode = 500 } = response;
  return { status: statusCode, headers: response.headers, body: await buffer(response) };
}
