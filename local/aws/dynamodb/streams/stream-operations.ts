import { serviceError, validationError } from "../api-error";
import type { Json } from "../item";
import { describeStream, previousSequence, shardIds, type Stream } from "./stream";
import type { StreamStore } from "./stream-store";

const ITERATOR_TYPES = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"];
const ITERATOR_LIFE_MS = 15 * 60 * 1000;
const MAXIMUM_RECORDS = 1000;
const MAXIMUM_BYTES = 1024 * 1024;
const LIST_LIMIT = 100;
/** Maximum number of shards of a description. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
const SHARD_LIMIT = 100;

interface Iterator {
  readonly arn: string;
  /** Index of the shard. */
  readonly shard: number;
  /** The iterator reads records after this sequence number; empty for the oldest record. */
  readonly after: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** The operations of DynamoDB Streams. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html */
export class StreamOperations {
  /** @param now milliseconds since the epoch. */
  constructor(
    private readonly streams: StreamStore,
    private readonly now: () => number,
  ) {}

  listStreams = async (request: Json): Promise<Json> => {
    const limit = checkLimit(request.Limit, LIST_LIMIT);
    const start = request.ExclusiveStartStreamArn ?? "";
    const matching = this.streams
      .all()
      .filter(({ arn, tableName }) => arn > start && (request.TableName ?? tableName) === tableName)
      .sort((a, b) => (a.arn < b.arn ? -1 : 1));
    const page = matching.slice(0, limit);
    return {
      Streams: page.map(({ arn, tableName, label }) => ({
        StreamArn: arn,
        TableName: tableName,
        StreamLabel: label,
      })),
      ...(matching.length > limit ? { LastEvaluatedStreamArn: page[limit - 1].arn } : {}),
    };
  };

  describeStream = async (request: Json): Promise<Json> => {
    const stream = this.findStream(request.StreamArn);
    const description = describeStream(stream);
    // No shard has a child, because a stream keeps its shards.
    if (request.ShardFilter?.Type === "CHILD_SHARDS")
      return { StreamDescription: { ...description, Shards: [] } };
    const limit = checkLimit(request.Limit, SHARD_LIMIT);
    const start = request.ExclusiveStartShardId
      ? shardIds(stream).indexOf(request.ExclusiveStartShardId) + 1 || Infinity
      : 0;
    const Shards = description.Shards.slice(start, start + limit);
    const more = start + limit < description.Shards.length;
    const last = more ? { LastEvaluatedShardId: Shards.at(-1).ShardId } : {};
    return { StreamDescription: { ...description, Shards, ...last } };
  };

  getShardIterator = async (request: Json): Promise<Json> => {
    const stream = this.findStream(request.StreamArn);
    const shard = shardIds(stream).indexOf(request.ShardId);
    if (shard === -1)
      throw serviceError(
        "ResourceNotFoundException",
        `Requested resource not found: Shard: ${request.ShardId} not found`,
      );
    return {
      ShardIterator: this.issueIterator(stream, shard, this.startingPositionOf(stream, shard, request)),
    };
  };

  getRecords = async (request: Json): Promise<Json> => {
    const limit = checkLimit(request.Limit, MAXIMUM_RECORDS);
    const { arn, shard, after, issuedAt } = parseIterator(request.ShardIterator);
    if (this.now() - issuedAt > ITERATOR_LIFE_MS)
      throw serviceError(
        "ExpiredIteratorException",
        "The shard iterator is older than 15 minutes; get a new one.",
      );
    const stream = this.findStream(arn);
    rejectTrimmed(stream, shard, after);
    const newest = this.streams.newestOf(stream, shard);
    const records = after >= newest ? [] : await this.readRecords(stream, shard, after, limit);
    const position = records.at(-1)?.dynamodb.SequenceNumber ?? after;
    const ended = stream.disabledAt !== undefined && (records.length === 0 || position >= newest);
    return {
      Records: records,
      ...(ended ? {} : { NextShardIterator: this.issueIterator(stream, shard, position) }),
    };
  };

  private startingPositionOf(stream: Stream, shard: number, request: Json): string {
    const { ShardIteratorType: type, SequenceNumber: sequence } = request;
    if (!ITERATOR_TYPES.includes(type))
      throw validationError(
        `ShardIteratorType ${JSON.stringify(type)} is not one of ${ITERATOR_TYPES.join(", ")}`,
      );
    if (type === "TRIM_HORIZON") return "";
    if (type === "LATEST") return this.streams.newestOf(stream, shard);
    if (!/^[01]\d{20}$/.test(sequence ?? ""))
      throw validationError(`Invalid SequenceNumber ${JSON.stringify(sequence)}`);
    const after = type === "AT_SEQUENCE_NUMBER" ? previousSequence(sequence) : sequence;
    rejectTrimmed(stream, shard, after);
    return after;
  }

  private async readRecords(stream: Stream, shard: number, after: string, limit: number): Promise<Json[]> {
    const records: Json[] = [];
    let bytes = 0;
    for await (const [, record] of this.streams.read(stream, shard, after)) {
      bytes += record.dynamodb.SizeBytes;
      if (records.length > 0 && bytes > MAXIMUM_BYTES) break;
      records.push(record);
      if (records.length === limit) break;
    }
    return records;
  }

  private findStream(arn: string): Stream {
    const stream = this.streams.get(arn);
    if (!stream)
      throw serviceError(
        "ResourceNotFoundException",
        `Requested resource not found: Stream: ${arn} not found`,
      );
    return stream;
  }

  private issueIterator(stream: Stream, shard: number, after: string): string {
    const iterator: Iterator = { arn: stream.arn, shard, after, issuedAt: this.now() };
    return `${stream.arn}|1|${Buffer.from(JSON.stringify(iterator)).toString("base64")}`;
  }
}

function parseIterator(iterator: unknown): Iterator {
  try {
    return JSON.parse(Buffer.from(String(iterator).split("|")[2], "base64").toString()) as Iterator;
  } catch {
    throw validationError("Invalid ShardIterator");
  }
}

function rejectTrimmed(stream: Stream, shard: number, after: string): void {
  const { trimmedTo } = stream.shards[shard];
  if (after !== "" && trimmedTo !== undefined && after < trimmedTo)
    throw serviceError(
      "TrimmedDataAccessException",
      "The requested records are older than 24 hours and were trimmed; start at TRIM_HORIZON.",
    );
}

function checkLimit(limit: unknown, maximum: number): number {
  if (limit === undefined || limit === null) return maximum;
  if (Number.isInteger(limit) && (limit as number) >= 1 && (limit as number) <= maximum)
    return limit as number;
  throw validationError(`Limit ${JSON.stringify(limit)} is not a whole number from 1 to ${maximum}`);
}
