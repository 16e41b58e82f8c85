import { digestOf } from "../../seeded-ids";
import type { Json } from "../item";

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
  /** Sequence number of the newest trimmed record. */
  readonly trimmedTo?: string;
}

/**
 * Sequence number of 21 digits, the shortest that AWS SDKs accept. The fixed width makes it sortable as a string.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export function sequenceNumber(count: bigint): string {
  return `1${count.toString().padStart(20, "0")}`;
}

/** Inverse of {@link sequenceNumber}. */
export function sequenceCount(sequence: string): bigint {
  return BigInt(sequence) - 10n ** 20n;
}

/** Id of the only shard of a stream. */
export function shardId(stream: Stream): string {
  return `shardId-${String(stream.createdAt).padStart(20, "0")}-${digestOf(stream.arn).slice(0, 8)}`;
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
