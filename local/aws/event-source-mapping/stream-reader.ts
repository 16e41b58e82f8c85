import type { _Record as StreamRecord, Shard } from "@aws-sdk/client-dynamodb-streams";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { readingProtoAttributes } from "../../../shared/proto-attributes";
import { localClientConfig } from "../local-client";
import type { MappingContext } from "./mapping-context";

/** Starting position in a shard. */
export type Position = { readonly after: string } | "TRIM_HORIZON" | "LATEST";

/** Maximum number of records of one GetRecords call. */
const PAGE = 1000;

/** Reads a DynamoDB stream in the role of the mapping's function, through the AWS endpoint. It does not retry; the callers do. */
export class StreamReader {
  private client: DynamoDBStreamsClient | undefined;
  private accessKeyId: string | undefined;

  constructor(private readonly context: MappingContext) {}

  /** Returns all shards of the stream. */
  async shards(): Promise<Shard[]> {
    const shards: Shard[] = [];
    let last: string | undefined;
    do {
      const { StreamDescription } = await this.connect().send(
        new DescribeStreamCommand({
          StreamArn: this.context.configuration.streamArn,
          ExclusiveStartShardId: last,
        }),
        this.abort(),
      );
      shards.push(...(StreamDescription?.Shards ?? []));
      last = StreamDescription?.LastEvaluatedShardId;
    } while (last !== undefined);
    return shards;
  }

  async iterator(shardId: string, position: Position): Promise<string | undefined> {
    const { ShardIterator } = await this.connect().send(
      new GetShardIteratorCommand({
        StreamArn: this.context.configuration.streamArn,
        ShardId: shardId,
        ...(typeof position === "string"
          ? { ShardIteratorType: position }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position.after }),
      }),
      this.abort(),
    );
    return ShardIterator;
  }

  /** @returns the next records, and the next iterator, which is undefined at the end of a closed shard. */
  async records(iterator: string): Promise<{ records: StreamRecord[]; next: string | undefined }> {
    const { Records, NextShardIterator } = await this.connect().send(
      new GetRecordsCommand({ ShardIterator: iterator, Limit: PAGE }),
      this.abort(),
    );
    return { records: Records ?? [], next: NextShardIterator };
  }

  close(): void {
    this.client?.destroy();
  }

  /**
   * Returns a client with the current credentials of the function, which change with its role.
   * @throws LambdaServiceError if the function does not exist.
   */
  private connect(): DynamoDBStreamsClient {
    const { lambda, configuration } = this.context;
    const target = lambda.clientConfig(configuration.functionArn);
    if (this.client && this.accessKeyId === target.credentials.accessKeyId) return this.client;
    this.client?.destroy();
    this.accessKeyId = target.credentials.accessKeyId;
    this.client = readingProtoAttributes(
      new DynamoDBStreamsClient({
        ...localClientConfig(target),
        maxAttempts: 1,
        requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
      }),
    );
    return this.client;
  }

  private abort(): { abortSignal: AbortSignal } {
    return { abortSignal: this.context.signal };
  }
}
