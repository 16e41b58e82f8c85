import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { after, before } from "mocha";
import { closeServer, listen } from "../../../local/aws/listen";

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
  private upstream = "";
  private readonly server = createServer((request, response) => void this.handle(request, response));

  /** Starts before the tests of the enclosing `describe`, after the embedded table, and stops after them. */
  constructor() {
    before(async () => {
      this.upstream = process.env.AWS_ENDPOINT_URL_DYNAMODB as string;
      const port = await listen(this.server, { port: 0, purpose: "a lossy DynamoDB" });
      process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
    });
    after(() => closeServer(this.server));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(request.headers["x-amz-target"]);
    const fates = /\.(?:PutItem|UpdateItem)$/.test(target) ? this.writes : this.reads;
    const fate = fates.shift() ?? "answered";
    const body = await buffer(request);
    const error = ERRORS[fate];
    if (error) {
      response.writeHead(error[0], { "content-type": "application/x-amz-json-1.0" });
      return void response.end(JSON.stringify({ __type: error[1], message: "It failed." }));
    }
    if (fate === "lost") return void request.socket.destroy();
    const headers = {
      "x-amz-target": target,
      "content-type": "application/x-amz-json-1.0",
      authorization: String(request.headers.authorization),
      "x-amz-date": String(request.headers["x-amz-date"]),
    };
    const answer = await fetch(this.upstream, { method: "POST", headers, body: new Uint8Array(body) });
    const text = await answer.text();
    if (fate === "applied, lost") return void request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
    response.end(text);
  }
}
