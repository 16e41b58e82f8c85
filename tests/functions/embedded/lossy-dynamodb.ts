import { buffer } from "node:stream/consumers";
import { DynamoDBRelay } from "./dynamodb-relay";

/**
 * What happens to an attempt to call DynamoDB: it is answered, it takes effect and its answer is lost, the connection is lost before it
 * takes effect, or an error is returned.
 */
export type Fate = "answered" | "applied, lost" | "lost" | "throttled" | "failed";

const ERRORS: Partial<Record<Fate, readonly [status: number, type: string]>> = {
  throttled: [400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"],
  failed: [500, "com.amazonaws.dynamodb.v20120810#InternalServerError"],
};

/** Proxy in front of the DynamoDB of an `EmbeddedTable`, created before it, for the tests of a `describe`. */
export class LossyDynamoDB {
  /** Fates of the next attempts to write; those after them are answered. */
  writes: Fate[] = [];
  /** Fates of the next attempts to read; those after them are answered. */
  reads: Fate[] = [];

  /** Starts before the tests of the enclosing `describe`, after the embedded table, and stops after them. */
  private readonly relay = new DynamoDBRelay(async (request, response) => {
    const isWrite = /\.(?:PutItem|UpdateItem)$/.test(String(request.headers["x-amz-target"]));
    const fate = (isWrite ? this.writes : this.reads).shift() ?? "answered";
    const body = await buffer(request);
    const error = ERRORS[fate];
    if (error) {
      response.writeHead(error[0], { "content-type": "application/x-amz-json-1.0" });
      return void response.end(JSON.stringify({ __type: error[1], message: "It failed." }));
    }
    if (fate === "lost") return void request.socket.destroy();
    const answer = await this.relay.forward(request, body);
    if (fate === "applied, lost") return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
}
