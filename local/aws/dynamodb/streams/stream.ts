import { createHash } from "node:crypto";
import type { Json } from "../item";

/** What a stream's records carry besides the keys. */
export const VIEW_TYPES = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] as const;
export type ViewType = (typeof VIEW_TYPES)[number];

/** A stream of a table, as it is stored. */
export interface Stream {
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly viewType: ViewType;
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly startingSequence: string;
  /** Set when the stream was disabled or its table deleted; its records stay until they are trimmed. */
  readonly disabledAt?: number;
  readonly endingSequence?: string;
  /** The newest record that was trimmed. */
  readonly trimmedTo?: string;
}

/**
 * Sequence numbers are 21 digits, the shortest that AWS's clients accept, so that they sort as strings too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export function sequenceNumber(count: bigint): string {
  return `1${count.toString().padStart(20, "0")}`;
}

/** The count that a sequence number was made from. */
export function sequenceCount(sequence: string): bigint {
  return BigInt(sequence) - 10n ** 20n;
}

/** The one shard of a stream. */
export function shardId(stream: Stream): string {
  const digest = createHash("sha256").update(stream.arn).digest("hex");
  return `shardId-${String(stream.createdAt).padStart(20, "0")}-${digest.slice(0, 8)}`;
}

/** `DescribeStream`'s answer. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
export function describeStream(stream: Stream): Json {
  return {
    StreamArn: stream.arn,
    StreamLabel: stream.label,
    StreamStatus: stream.disabledAt === undefined ? "ENABLED" : "DISABLED",
    StreamViewType: stream.viewType,
    CreationRequestDateTime: stream.createdAt / 1000,
    TableName: stream.tableName,
    KeySchema: stream.keySchema,
    Shards: [
      {
        ShardId: shardId(stream),
        SequenceNumberRange: {
          StartingSequenceNumber: stream.startingSequence,
          EndingSequenceNumber: stream.endingSequence,
        },
      },
    ],
  };
}
