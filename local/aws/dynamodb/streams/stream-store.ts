import type { Item, Json } from "../item";
import { entries, prefixed, type BatchOperation, type Level } from "../level";
import type { ItemChange } from "../store-view";
import {
  sequenceNumber,
  sequenceNumberIn,
  shardIdOf,
  shardIds,
  shardOfItem,
  streamOf,
  type StoredStream,
  type Stream,
  type ViewType,
} from "./stream";
import { isRecorded, changeRecord } from "./change-record";
import type { StreamChanges } from "./stream-changes";

const STREAMS = "front~stream~";
const SEQUENCE = "front~sequence";
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.Processing */
const RETENTION_MS = 24 * 60 * 60 * 1000;
const TRIM_CHUNK = 1000;

/**
 * Streams of a region and their records. They are in the same database as the items, so that an item and its record are
 * written atomically. Callers serialize their writes.
 */
export class StreamStore {
  private readonly streams = new Map<string, Stream>();
  /** Sequence number of the newest stored record, by the prefix of a shard's records. */
  private readonly newest = new Map<string, string>();
  private count = 0n;

  private constructor(
    private readonly level: Level,
    private readonly region: string,
    private readonly now: () => number,
    private readonly shards: number,
    private readonly changes: StreamChanges,
  ) {}

  /**
   * @param now milliseconds since the epoch.
   * @param shards number of shards of a new stream.
   * @param changes receives every change of a shard.
   */
  static async open(
    level: Level,
    region: string,
    now: () => number,
    shards: number,
    changes: StreamChanges,
  ): Promise<StreamStore> {
    const store = new StreamStore(level, region, now, shards, changes);
    store.count = BigInt((level.getSync(SEQUENCE) as string | undefined) ?? 0);
    for await (const [, value] of entries(level, prefixed(STREAMS))) {
      const stream = streamOf(value as StoredStream);
      store.streams.set(stream.arn, stream);
      for (const shard of stream.shards.keys())
        store.newest.set(recordPrefix(stream, shard), await store.readNewest(stream, shard));
    }
    return store;
  }

  all(): Stream[] {
    return [...this.streams.values()];
  }

  get(arn: string): Stream | undefined {
    return this.streams.get(arn);
  }

  /** Sequence number of the newest record of a shard, or of the stream's start if it has no record. */
  newestOf(stream: Stream, shard: number): string {
    return this.newest.get(recordPrefix(stream, shard)) ?? stream.startingSequence;
  }

  /** Creates a table's stream. Its label, the creation time, is unique even within a millisecond. */
  async create(table: Json, viewType: ViewType): Promise<Stream> {
    let createdAt = this.now();
    const arnAt = (time: number): string => `${table.TableArn}/stream/${labelAt(time)}`;
    while (this.streams.has(arnAt(createdAt))) createdAt += 1;
    this.count += 1n;
    const stream: Stream = {
      arn: arnAt(createdAt),
      label: labelAt(createdAt),
      tableName: table.TableName,
      viewType,
      keySchema: table.KeySchema,
      createdAt,
      startingSequence: sequenceNumber(this.count),
      shards: Array.from({ length: this.shards }, () => ({})),
    };
    await this.save(stream);
    return stream;
  }

  /** Disables a stream. Its records stay readable until they are trimmed. */
  async disable(arn: string): Promise<void> {
    const stream = this.streams.get(arn);
    if (!stream || stream.disabledAt !== undefined) return;
    this.count += 1n;
    const endingSequence = sequenceNumberIn(stream, this.count);
    await this.save({ ...stream, disabledAt: this.now(), endingSequence });
    shardIds(stream).forEach((shardId) => this.changes.report(shardId));
  }

  /** Returns the database operations that record changes. Call `written` after they are committed. */
  record(
    changes: readonly ItemChange[],
    userIdentity?: Json,
  ): { operations: BatchOperation[]; written(): void } {
    const operations: BatchOperation[] = [];
    const newest = new Map<string, { readonly sequence: string; readonly shardId: string }>();
    for (const change of changes.filter(isRecorded)) {
      const stream = this.activeStreamOf(change.tableName);
      if (!stream) continue;
      this.count += 1n;
      const sequence = sequenceNumberIn(stream, this.count);
      const shard = shardOfItem(stream, (change.after ?? change.before) as Item);
      const prefix = recordPrefix(stream, shard);
      const about = { region: this.region, sequence, createdAt: this.now(), userIdentity };
      operations.push({
        type: "put",
        key: prefix + sequence,
        value: changeRecord(stream, change, about),
      });
      newest.set(prefix, { sequence, shardId: shardIdOf(stream, shard) });
    }
    if (operations.length > 0) operations.push(this.sequenceOperation());
    const written = (): void =>
      newest.forEach(({ sequence, shardId }, prefix) => {
        this.newest.set(prefix, sequence);
        this.changes.report(shardId);
      });
    return { operations, written };
  }

  /** Yields the records of a shard after a sequence number, oldest first. */
  read(stream: Stream, shard: number, after: string): AsyncGenerator<[string, Json]> {
    return entries(this.level, prefixed(recordPrefix(stream, shard), { gt: after }));
  }

  /** Deletes records older than 24 hours, and streams that were disabled more than 24 hours ago. */
  async trim(): Promise<void> {
    const horizon = this.now() - RETENTION_MS;
    for (const stream of this.all()) {
      for (const shard of stream.shards.keys()) await this.trimShard(stream.arn, shard, horizon);
      if (stream.disabledAt !== undefined && stream.disabledAt < horizon) await this.forget(stream);
    }
  }

  private async trimShard(arn: string, index: number, horizon: number): Promise<void> {
    const stream = this.streams.get(arn) as Stream;
    const trimmedTo = await this.newestBefore(stream, index, horizon);
    if (trimmedTo === undefined) return;
    await this.save({ ...stream, shards: stream.shards.with(index, { trimmedTo }) });
    await this.level.clear(prefixed(recordPrefix(stream, index), { lte: trimmedTo }));
  }

  private activeStreamOf(tableName: string): Stream | undefined {
    for (const stream of this.streams.values())
      if (stream.tableName === tableName && stream.disabledAt === undefined) return stream;
    return undefined;
  }

  private async newestBefore(stream: Stream, shard: number, horizon: number): Promise<string | undefined> {
    let newest: string | undefined;
    let read = 0;
    for await (const [, record] of this.read(stream, shard, "")) {
      if (record.dynamodb.ApproximateCreationDateTime * 1000 >= horizon || ++read > TRIM_CHUNK) break;
      newest = record.dynamodb.SequenceNumber;
    }
    return newest;
  }

  private async readNewest(stream: Stream, shard: number): Promise<string> {
    const range = prefixed(recordPrefix(stream, shard), { reverse: true, limit: 1 });
    for await (const [, record] of entries(this.level, range)) return record.dynamodb.SequenceNumber;
    return stream.shards[shard].trimmedTo ?? stream.startingSequence;
  }

  private async save(stream: Stream): Promise<void> {
    this.streams.set(stream.arn, stream);
    await this.level.batch([
      { type: "put", key: STREAMS + stream.arn, value: stream },
      this.sequenceOperation(),
    ]);
  }

  private async forget(stream: Stream): Promise<void> {
    this.streams.delete(stream.arn);
    await this.level.batch([{ type: "del", key: STREAMS + stream.arn }]);
    for (const shard of stream.shards.keys()) {
      this.newest.delete(recordPrefix(stream, shard));
      await this.level.clear(prefixed(recordPrefix(stream, shard)));
    }
  }

  private sequenceOperation(): BatchOperation {
    return { type: "put", key: SEQUENCE, value: this.count.toString() };
  }
}

/** Prefix of the records of a shard. The first shard's is that of earlier versions, whose streams had one shard. */
function recordPrefix(stream: Stream, shard: number): string {
  return `front~record~${stream.arn}${shard === 0 ? "" : `#${shard}`}~`;
}

function labelAt(time: number): string {
  return new Date(time).toISOString().slice(0, -1);
}
