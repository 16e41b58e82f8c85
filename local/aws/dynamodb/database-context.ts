import type { BatchOperation, Level } from "./level";
import type { Json } from "./item";
import { ExpiryIndex } from "./expiry-index";
import { StoreView } from "./store-view";
import { StreamStore } from "./streams/stream-store";
import { TableSettingsStore } from "./table-settings-store";

/** What the operations of one region's DynamoDB share. */
export class DatabaseContext {
  /** Every write of the region goes through it, which makes images, sequence numbers and transactions right by construction. */
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
   * Writes what views have gathered, with indexes, stream records and expiries, all or nothing. Only within `writes`.
   * @param userIdentity who made the change, for the stream's records, when it was not a caller.
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

/** Runs tasks one after another, in the order they came. */
class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a task when all earlier ones have ended; a task that fails does not hinder the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
