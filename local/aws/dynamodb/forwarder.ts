import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { ACCOUNT } from "../resource";
import { internalServerError, readBody, sendResponse } from "./protocol";

const PROBE_MS = 5_000;
const ARN_START = /arn:aws:dynamodb:([^:"]+):(\d*):/;
/** Operations whose bodies contain items but no ARNs; their bodies are not rewritten. */
const ITEM_OPERATIONS =
  /\.(Put|Get|Update|Delete|BatchWrite|BatchGet|TransactWrite|TransactGet)Items?$|\.(Query|Scan)$/;

/** Forwards a region's requests to an external DynamoDB, which derives the region from the credential scope. */
export class Forwarder {
  private readonly agent: HttpAgent | HttpsAgent;
  /** Prefix of the external DynamoDB's ARNs; DynamoDB Local uses the region `ddblocal` for all regions. */
  private foreignArn: string | undefined;

  constructor(
    private readonly endpoint: URL,
    private readonly region: string,
  ) {
    this.agent =
      endpoint.protocol === "https:"
        ? new HttpsAgent({ keepAlive: true })
        : new HttpAgent({ keepAlive: true });
  }

  /** Forwards a request, signed with the access key `local` for this region, and returns the response. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(request.headers["x-amz-target"] ?? "");
    try {
      const body = await readBody(request);
      const incoming = await this.send(target, this.withForeignArns(target, body));
      const responseBody = this.withOwnArns(target, await readBody(incoming));
      sendResponse(response, incoming.statusCode ?? 502, responseBody);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      const message = `The DynamoDB at ${this.endpoint.origin} did not respond: ${(error as Error).message}`;
      sendResponse(response, 500, JSON.stringify(internalServerError(message).body));
    }
  }

  close(): void {
    this.agent.destroy();
  }

  /**
   * Checks that the endpoint is a DynamoDB with Streams.
   * @throws Error that names the failed request and the fix.
   */
  async probe(): Promise<void> {
    const advice =
      "Start one that has Streams (DynamoDB Local, LocalStack), or omit --dynamodb-endpoint to use the built-in one.";
    for (const target of ["DynamoDB_20120810.ListTables", "DynamoDBStreams_20120810.ListStreams"]) {
      const incoming = await this.send(target, Buffer.from("{}"), PROBE_MS).catch(
        (error: NodeJS.ErrnoException) => {
          const reason = error.message || error.code;
          throw new Error(`No DynamoDB responds at ${this.endpoint.href} (${reason}). ${advice}`);
        },
      );
      const body = (await readBody(incoming)).toString("utf8").slice(0, 200);
      if (incoming.statusCode !== 200)
        throw new Error(
          `The server at ${this.endpoint.href} rejects ${target} (status ${incoming.statusCode}: ${body}). ${advice}`,
        );
    }
  }

  private send(target: string, body: Buffer, timeout?: number): Promise<IncomingMessage> {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `local/${date.slice(0, 8)}/${this.region}/dynamodb/aws4_request`;
    const request = this.endpoint.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = request(this.endpoint, {
        method: "POST",
        agent: this.agent,
        timeout,
        headers: {
          "Content-Type": "application/x-amz-json-1.0",
          "Content-Length": body.length,
          "X-Amz-Target": target,
          "X-Amz-Date": date,
          // DynamoDB Local and LocalStack do not verify the signature; they read only the access key and the region.
          Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${"0".repeat(64)}`,
        },
      });
      outgoing.once("timeout", () => outgoing.destroy(new Error(`no response within ${timeout} ms`)));
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  }

  private withForeignArns(target: string, body: Buffer): Buffer {
    if (ITEM_OPERATIONS.test(target) || this.foreignArn === undefined) return body;
    return Buffer.from(body.toString("utf8").replaceAll(this.ownArn(), this.foreignArn));
  }

  private withOwnArns(target: string, body: Buffer): Buffer {
    if (ITEM_OPERATIONS.test(target)) return body;
    const text = body.toString("utf8");
    const hasItems = target.endsWith(".GetRecords");
    if (!hasItems) this.foreignArn ??= ARN_START.exec(text)?.[0];
    const foreign = this.foreignArn;
    if (foreign === undefined || foreign === this.ownArn()) return body;
    const [, region] = ARN_START.exec(foreign) as RegExpExecArray;
    // Stream records have no ARN of their own. One in them is text of an item.
    return Buffer.from(
      (hasItems ? text : text.replaceAll(foreign, this.ownArn())).replace(
        new RegExp(`("awsRegion"\\s*:\\s*)"${region}"`, "g"),
        `$1"${this.region}"`,
      ),
    );
  }

  private ownArn(): string {
    return `arn:aws:dynamodb:${this.region}:${ACCOUNT}:`;
  }
}
