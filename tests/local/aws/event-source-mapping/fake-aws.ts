import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";

/** Failure of a call: a dropped connection, or an error response. */
export type Fault = "drop" | { readonly status: number; readonly type: string };

/** Stream record in the wire format of DynamoDB Streams. */
interface WireRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: Record<string, unknown> & { SequenceNumber: string };
}

interface FakeShard {
  parent?: string;
  closed: boolean;
  readonly records: WireRecord[];
}

/** Fake AWS endpoint with one DynamoDB stream and S3, which can inject faults. */
export class FakeAws {
  readonly shards = new Map<string, FakeShard>();
  /** Objects put to S3, by bucket and key. */
  readonly objects = new Map<string, string>();
  /** Called operations, in order; S3's is `PutObject`. */
  readonly calls: string[] = [];
  readonly authorizations = new Set<string>();
  /** Returns the fault of a call, if any. */
  fault: (operation: string) => Fault | undefined = () => undefined;
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private sequence = 100;

  async start(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.server, { port: 0, purpose: "the fake AWS endpoint" })}`;
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  addShard(shardId: string, parent?: string): void {
    this.shards.set(shardId, { parent, closed: false, records: [] });
  }

  /** Adds a record of a ticket and returns its sequence number. */
  write(id: string, dynamodb: Record<string, unknown> = {}, shardId = "shardId-1", more = {}): string {
    const SequenceNumber = String(this.sequence++).padStart(21, "0");
    this.shards.get(shardId)?.records.push({
      eventID: `event-${id}`,
      eventName: "INSERT",
      dynamodb: {
        ApproximateCreationDateTime: Date.now() / 1000,
        Keys: { id: { S: id } },
        NewImage: { id: { S: id }, origin: { S: "eu-west-1" } },
        SequenceNumber,
        SizeBytes: 10,
        StreamViewType: "NEW_AND_OLD_IMAGES",
        ...dynamodb,
      },
      ...more,
    });
    return SequenceNumber;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const operation = String(request.headers["x-amz-target"] ?? ".PutObject").split(".")[1];
    this.calls.push(operation);
    this.authorizations.add(String(request.headers.authorization));
    const fault = this.fault(operation);
    if (fault === "drop") return void request.socket.destroy();
    if (fault) return fail(response, operation, fault.status, fault.type);
    if (operation === "PutObject") {
      this.objects.set((request.url ?? "").replace(/\?.*/, ""), body);
      return void response.writeHead(200).end();
    }
    const input = JSON.parse(body);
    if (operation === "DescribeStream") return reply(response, this.describe());
    if (operation === "GetShardIterator") return reply(response, { ShardIterator: this.iterator(input) });
    reply(response, this.read(input.ShardIterator));
  }

  private describe(): unknown {
    const Shards = [...this.shards].map(([ShardId, shard]) => ({
      ShardId,
      ParentShardId: shard.parent,
      SequenceNumberRange: {
        StartingSequenceNumber: "1",
        ...(shard.closed ? { EndingSequenceNumber: "9" } : {}),
      },
    }));
    return { StreamDescription: { Shards } };
  }

  private iterator(input: Record<string, string>): string {
    const records = this.shards.get(input.ShardId)?.records ?? [];
    if (input.ShardIteratorType === "TRIM_HORIZON") return `${input.ShardId}/0`;
    if (input.ShardIteratorType === "LATEST") return `${input.ShardId}/${records.length}`;
    const index = records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === input.SequenceNumber);
    return `${input.ShardId}/${index + 1}`;
  }

  private read(iterator: string): unknown {
    const [shardId, index] = iterator.split("/");
    const shard = this.shards.get(shardId);
    const Records = shard?.records.slice(Number(index)) ?? [];
    return {
      Records,
      ...(shard?.closed ? {} : { NextShardIterator: `${shardId}/${Number(index) + Records.length}` }),
    };
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function reply(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "Content-Type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, operation: string, status: number, type: string): void {
  const body =
    operation === "PutObject"
      ? `<Error><Code>${type}</Code><Message>no</Message></Error>`
      : JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "no" });
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.0" }).end(body);
}
