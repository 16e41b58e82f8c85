import type { BatchOperation, Level } from "./level";
import type { Json } from "./item";
import { ExpiryIndex } from "./expiry-index";
import { StoreView } from "./store-view";
import { StreamStore } from "./streams/stream-store";
import { TableSettingsStore } from "./table-settings-store";

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
  ) {}

  static async open(level: Level, region: string, now: () => number): Promise<DatabaseContext> {
    const settings = await TableSettingsStore.open(level);
    const streams = await StreamStore.open(level, region, now);
    return new DatabaseContext(level, region, now, settings, streams, new ExpiryIndex(level, settings));
  }

  view(): StoreView {
    return new StoreView(this.level, this.region);
  }

  /**
   * Writes the changes of views atomically, with indexes, stream records and expiries. Call it only within `writes`.
   * @param userIdentity `userIdentity` of the stream records, for changes that no client requested.
   */
  async commit(views: readonly StoreView[], userIdentity?: Json): Promise<void> {
    const changes = views.flatMap((view) => view.changes);
    const records = this.streams.record(changes, userIdentity);
    const operations: BatchOperation[] = [
      ...views.flatMap((view) => view.operations),
      ...this.expiries.operationsFor(changes),
      ...records.operations,
    ];
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
