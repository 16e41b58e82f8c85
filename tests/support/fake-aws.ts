import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "../../local/aws/listen";

/** Response of a fake AWS to a call of DynamoDB. */
export type Reaction =
  { readonly status: number; readonly body: object } | "drops the connection" | "never answers";

/** Call of DynamoDB. */
export interface AwsCall {
  readonly operation: string;
  /** Names the version of the SDK. */
  readonly userAgent: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** AWS endpoint of functions: reacts to calls of DynamoDB as a test says, and accepts every message of SQS. */
export class FakeAws {
  /** Reaction to calls of DynamoDB. */
  react: (call: AwsCall) => Reaction = () => ({ status: 200, body: {} });
  readonly calls: AwsCall[] = [];
  /** Bodies of the messages that SQS received. */
  readonly messages: string[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** @returns the URL of the endpoint. */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.server, { port: 0, purpose: "a fake AWS" })}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await closeServer(this.server);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [service, operation] = String(request.headers["x-amz-target"]).split(".");
    const input = JSON.parse(await text(request)) as Record<string, unknown>;
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (service === "AmazonSQS") {
      const body = String(input.MessageBody);
      this.messages.push(body);
      const MD5OfMessageBody = createHash("md5").update(body).digest("hex");
      return void response.end(JSON.stringify({ MessageId: "1", MD5OfMessageBody }));
    }
    const call = { operation, input, userAgent: String(request.headers["user-agent"]) };
    this.calls.push(call);
    const reaction = this.react(call);
    if (reaction === "drops the connection") return void request.socket.destroy();
    if (reaction !== "never answers") response.writeHead(reaction.status).end(JSON.stringify(reaction.body));
  }
}
