import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { DynamoDBRelay } from "./dynamodb-relay";

/** What happens to the first request on a connection that died while the function was frozen. */
export type Death = "request is lost" | "response is lost";

/**
 * Relay in front of the DynamoDB of `AWS_ENDPOINT_URL_DYNAMODB`, for the tests of a `describe` that runs one. Connections die when the
 * function is frozen, which learns of it with its next request, as on AWS.
 */
export class FrozenConnections {
  private readonly open = new Set<Socket>();
  private readonly dead = new Map<Socket, Death>();
  /** Number of requests that arrived on dead connections since the last freeze. */
  lost = 0;

  private readonly relay = new DynamoDBRelay(async (request, response) => {
    const death = this.dead.get(request.socket);
    const body = await buffer(request);
    if (death) this.lost++;
    if (death === "request is lost") return void request.socket.resetAndDestroy();
    const answer = await this.relay.forward(request, body);
    if (death) return void request.socket.resetAndDestroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });

  constructor() {
    this.relay.server.on("connection", (socket) => {
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
