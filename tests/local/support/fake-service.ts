import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";

/** Request that a fake service received. */
export interface RecordedRequest {
  /** Operation in X-Amz-Target, without the prefix of the API. */
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

/** Fake service of the JSON protocol that responds by a function and records its requests. */
export class FakeService {
  readonly requests: RecordedRequest[] = [];
  url = "";
  private server?: Server;

  /** @param answer returns the response; undefined for none, an object with `__type` for an error. */
  constructor(private readonly answer: (asked: RecordedRequest) => object | undefined) {}

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { headers } = request;
        const operation = String(headers["x-amz-target"]).replace(/^.*\./, "");
        const asked = { operation, headers, input: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
        this.requests.push(asked);
        const answer = this.answer(asked);
        if (answer === undefined) return;
        const status = "__type" in answer ? 400 : 200;
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
        response.end(JSON.stringify(answer));
      });
    });
    this.url = `http://127.0.0.1:${await listen(this.server, { port: 0, purpose: "a fake service" })}`;
  }

  async close(): Promise<void> {
    if (this.server) await closeServer(this.server);
  }

  /** Operations so far, without the endpoint's own requests for the keys of a table. */
  operations(): string[] {
    return this.requests
      .map(({ operation }) => operation)
      .filter((operation) => operation !== "DescribeTable");
  }
}

/** Responds as DynamoDB with the empty table `tickets` (hash key `id`, index `byStatus` on `status`). */
export function emptyTicketTable({ operation, input }: RecordedRequest): object {
  if (operation !== "DescribeTable") return {};
  if (!/^(arn:.*:table\/)?tickets$/.test(String(input.TableName)))
    return { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message: "no such table" };
  return {
    Table: {
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byStatus",
          KeySchema: [
            { AttributeName: "status", KeyType: "HASH" },
            { AttributeName: "createdAt", KeyType: "RANGE" },
          ],
        },
      ],
    },
  };
}
