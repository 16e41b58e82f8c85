import { digestOf } from "../../seeded-ids";
import type { Item, Json } from "../item";

/** View types of a stream: the images in its records, in addition to the keys. */
export const VIEW_TYPES = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] as const;
export type ViewType = (typeof VIEW_TYPES)[number];

/** Stored definition of a table's stream. */
export interface Stream {
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly viewType: ViewType;
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly startingSequence: string;
  /** Time at which the stream was disabled or its table deleted; its records stay until they are trimmed. */
  readonly disabledAt?: number;
  readonly endingSequence?: string;
  readonly shards: readonly Shard[];
}

/** One shard of a stream. The records of an item are all in the same shard. */
interface Shard {
  /** Sequence number of the newest trimmed record. */
  readonly trimmedTo?: string;
}

/** Stored definition of a stream; an earlier version, whose streams had one shard, stored its trimmed record with the stream. */
export type StoredStream = Omit<Stream, "shards"> & Partial<Pick<Stream, "shards">> & Shard;

/** Returns a stream from its stored definition. */
export function streamOf({ trimmedTo, shards = [{ trimmedTo }], ...stream }: StoredStream): Stream {
  return { ...stream, shards };
}

/**
 * Sequence number of 21 digits, the shortest that AWS SDKs accept. It begins with zeros, as those of DynamoDB Streams can, so a program
 * that converts one to a number and back does not return the same text. The fixed width makes it sortable as a string.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 * @param first first digit; the sequence numbers in the data folder of an earlier version begin with 1.
 */
export function sequenceNumber(count: bigint, first = "0"): string {
  return `${first}${count.toString().padStart(20, "0")}`;
}

/** Returns the next sequence number of a stream, in the form of its other ones. */
export function sequenceNumberIn(stream: Stream, count: bigint): string {
  return sequenceNumber(count, stream.startingSequence[0]);
}

/** Sequence number directly before another. */
export function previousSequence(sequence: string): string {
  return sequenceNumber(BigInt(sequence.slice(1)) - 1n, sequence[0]);
}

/** Ids of the shards of a stream, in order. */
export function shardIds(stream: Stream): string[] {
  return stream.shards.map((_, shard) => shardIdOf(stream, shard));
}

/** Id of a shard of a stream. @param shard its index. */
export function shardIdOf(stream: Stream, shard: number): string {
  const created = String(stream.createdAt).padStart(20, "0");
  return `shardId-${created}-${digestOf(shard === 0 ? stream.arn : `${stream.arn} ${shard}`).slice(0, 8)}`;
}

/** Returns the index of the shard of an item: items with the same hash key are in the same shard, as in a partition of a table. */
export function shardOfItem(stream: Stream, item: Item): number {
  const hashKey = stream.keySchema.find(({ KeyType }) => KeyType === "HASH");
  return hashKey ? shardOfKey(item[hashKey.AttributeName], stream.shards.length) : 0;
}

/** Returns the index of the shard of a hash key, such as `{"S": "…"}`, in a stream with a number of shards. */
export function shardOfKey(hashKey: unknown, shards: number): number {
  return shards === 1 ? 0 : parseInt(digestOf(JSON.stringify(hashKey)).slice(0, 8), 16) % shards;
}

/** Response of DescribeStream. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
export function describeStream(stream: Stream): Json {
  return {
    StreamArn: stream.arn,
    StreamLabel: stream.label,
    StreamStatus: stream.disabledAt === undefined ? "ENABLED" : "DISABLED",
    StreamViewType: stream.viewType,
    CreationRequestDateTime: stream.createdAt / 1000,
    TableName: stream.tableName,
    KeySchema: stream.keySchema,
    Shards: shardIds(stream).map((ShardId) => ({
      ShardId,
      SequenceNumberRange: {
        StartingSequenceNumber: stream.startingSequence,
        EndingSequenceNumber: stream.endingSequence,
      },
    })),
  };
}
