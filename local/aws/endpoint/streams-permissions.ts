import type { KeySchemas } from "./hash-keys";
import { notMapped, ServiceError } from "./service-errors";
import {
  jsonBodyOf,
  stringOf,
  targetOperation,
  type RequiredPermission,
  type PermissionMapper,
  type AwsRequest,
} from "./aws-request";

/** X-Amz-Target prefix of DynamoDB Streams, whose signing name is also `dynamodb`. */
export const STREAMS_TARGET = "DynamoDBStreams_20120810";

/** Maximum number of remembered shard iterators; the least recently used is removed first. */
const REMEMBERED_ITERATORS = 10_000;

/**
 * Required permissions of DynamoDB Streams' operations. GetRecords names only an iterator, so the stream of each
 * iterator is remembered from the responses.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export class StreamsPermissions implements PermissionMapper {
  private readonly streamOfIterator = new Map<string, string>();

  constructor(private readonly schemas: KeySchemas) {}

  readsBody(): boolean {
    return true;
  }

  permissionsFor(request: AwsRequest): readonly RequiredPermission[] {
    const operation = targetOperation(request, STREAMS_TARGET);
    const input = jsonBodyOf(request);
    switch (operation) {
      case "ListStreams":
        return [{ action: "dynamodb:ListStreams", resource: "*" }];
      case "DescribeStream":
      case "GetShardIterator":
        return [{ action: `dynamodb:${operation}`, resource: stringOf(input, "StreamArn") }];
      case "GetRecords":
        return [{ action: "dynamodb:GetRecords", resource: this.streamOf(request) }];
      default:
        throw notMapped(`dynamodb:${operation} of DynamoDB Streams`);
    }
  }

  /** A stream is encrypted with the key of its table. It can be read for a day after the table is deleted. */
  async keyOf(request: AwsRequest, resource: string): Promise<string | undefined> {
    return this.schemas.kmsKeyOf(request, resource.split("/")[1]).catch((error) => {
      if (error instanceof ServiceError) return undefined;
      throw error;
    });
  }

  observerOf(request: AwsRequest): ((body: Buffer) => void) | undefined {
    const operation = targetOperation(request, STREAMS_TARGET);
    if (operation === "GetShardIterator")
      return (body) =>
        this.remember(request, parse(body).ShardIterator, stringOf(jsonBodyOf(request), "StreamArn"));
    if (operation !== "GetRecords") return undefined;
    const stream = this.streamOf(request);
    return (body) => this.remember(request, parse(body).NextShardIterator, stream);
  }

  private streamOf(request: AwsRequest): string {
    const iterator = stringOf(jsonBodyOf(request), "ShardIterator");
    const stream = this.streamOfIterator.get(keyOf(request, iterator));
    if (stream === undefined)
      throw new ServiceError(
        400,
        "ExpiredIteratorException",
        "The shard iterator is unknown or too old; get a new one with GetShardIterator.",
      );
    this.remember(request, iterator, stream);
    return stream;
  }

  private remember(request: AwsRequest, iterator: unknown, stream: string): void {
    if (typeof iterator !== "string") return;
    const key = keyOf(request, iterator);
    this.streamOfIterator.delete(key);
    this.streamOfIterator.set(key, stream);
    if (this.streamOfIterator.size <= REMEMBERED_ITERATORS) return;
    const [oldest] = this.streamOfIterator.keys();
    this.streamOfIterator.delete(oldest);
  }
}

function keyOf(request: AwsRequest, iterator: string): string {
  return `${request.scope.region}/${iterator}`;
}

function parse(body: Buffer): { ShardIterator?: unknown; NextShardIterator?: unknown } {
  return JSON.parse(body.toString("utf8"));
}
