import { createServer, type IncomingMessage, request as send, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { after, before } from "mocha";
import { closeServer, listen } from "../../../local/aws/listen";

/** Response of DynamoDB. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Relay in front of the DynamoDB of `AWS_ENDPOINT_URL_DYNAMODB`, during the tests of a `describe` that runs one. */
export class DynamoDBRelay {
  private upstream = "";
  readonly server;

  /** @param handle receives each request; {@link forward} sends it on. */
  constructor(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
    this.server = createServer((request, response) => void handle(request, response));
    before(async () => {
      this.upstream = process.env.AWS_ENDPOINT_URL_DYNAMODB as string;
      const port = await listen(this.server, { port: 0, purpose: "the relay" });
      process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
    });
    after(() => closeServer(this.server));
  }

  /** Sends a request to DynamoDB and returns its response. */
  async forward({ method, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      send(this.upstream, { method, headers }, resolve).on("error", reject).end(body);
    });
    const { statusCode = 500 } = response;
    return { status: statusCode, headers: response.headers, body: await buffer(response) };
  }
}
