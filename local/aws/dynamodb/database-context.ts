import type { BatchOperation, Level } from "./level";
import type { Json } from "./item";
import { DelayedIndexes } from "./delayed-indexes";
import { ExpiryIndex } from "./expiry-index";
import { StoreView } from "./store-view";
import { StreamChanges } from "./streams/stream-changes";
import { StreamStore } from "./streams/stream-store";
import { TableSettingsStore } from "./table-settings-store";
import { WriteBudget } from "./write-budget";

/** Options of a commit. */
interface CommitOptions {
  /** `userIdentity` of the stream records, for changes that no client requested. They consume no write units. */
  readonly userIdentity?: Json;
  /** Write units of the table per kilobyte: 1 by default, 2 in a transaction. */
  readonly tableFactor?: number;
}

/** Settings of one region's DynamoDB. */
export interface DatabaseSettings {
  /** Milliseconds after which queries of global secondary indexes see a write. */
  readonly indexDelayMs: number;
  /** Number of shards of a new stream. */
  readonly shards: number;
  /** Receives every change of a stream. */
  readonly streamChanges?: StreamChanges;
}

/** Shared state of the operations of one region's DynamoDB. */
export class DatabaseContext {
  /** Serializes all writes of the region, so that images, sequence numbers and transactions are consistent. */
  readonly writes = new Mutex();

  private constructor(
    readonly level: Level,
    readonly region: string,
    /** Milliseconds since the epoch. */
    readonly now: () => number,
    readonly settings: TableSettingsStore,
    readonly streams: StreamStore,
    readonly expiries: ExpiryIndex,
    readonly indexes: DelayedIndexes,
    private readonly budget: WriteBudget,
  ) {}

  static async open(
    level: Level,
    region: string,
    now: () => number,
    { indexDelayMs, shards, streamChanges = new StreamChanges() }: DatabaseSettings,
  ): Promise<DatabaseContext> {
    const settings = await TableSettingsStore.open(level);
    const streams = await StreamStore.open(level, region, now, shards, streamChanges);
    return new DatabaseContext(
      level,
      region,
      now,
      settings,
      streams,
      new ExpiryIndex(level, settings),
      new DelayedIndexes(level, indexDelayMs, now),
      new WriteBudget(now),
    );
  }

  view(): StoreView {
    return new StoreView(this.level, this.region, this.indexes);
  }

  /**
   * Writes the changes of views atomically, with indexes, stream records and expiries. Call it only within `writes`.
   * @throws ApiError ThrottlingException if the write units of a table or index do not suffice; nothing is written then.
   */
  async commit(
    views: readonly StoreView[],
    { userIdentity, tableFactor = 1 }: CommitOptions = {},
  ): Promise<void> {
    const changes = views.flatMap((view) => view.changes);
    if (!userIdentity) this.budget.consume(changes, (name) => this.view().table(name), tableFactor);
    const records = this.streams.record(changes, userIdentity);
    const operations: BatchOperation[] = [
      ...views.flatMap((view) => view.operations),
      ...this.expiries.operationsFor(changes),
      ...records.operations,
    ];
    this.indexes.record(operations);
    if (operations.length > 0) await this.level.batch(operations);
    records.written();
  }
}

/** Runs tasks one at a time, in the order of the calls. */
class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a task after all earlier ones have ended. A failed task does not affect the next one. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
