import type { Log } from "../log";
import type { DatabaseContext } from "./database-context";
import type { Item } from "./item";
import { checkRequest, runAction } from "./dynalite";
import { itemPrefix } from "./store-view";
import { TIME_TO_LIVE_IDENTITY } from "./streams/change-record";

const TRIM_INTERVAL_MS = 60_000;

/** Options for deleting expired items. */
export interface TimeToLiveOptions {
  /** Interval between two checks for expired items; 1000 by default. */
  readonly intervalMs?: number;
  /**
   * Time for which an expired item can still be read and written, in milliseconds; 0 by default. On AWS it is typically up to two
   * days: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
   */
  readonly delayMs?: number;
  /** Clock for expiry, in milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
}

/** Deletes expired items and trims old stream records of one region. Paused while the region is down. */
export class Sweeper {
  private readonly timer: NodeJS.Timeout;
  /** Returns the time before which an item must have expired to be deleted now, in milliseconds since the epoch. */
  private readonly dueBefore: () => number;
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  private nextTrim = 0;

  constructor(
    private readonly context: DatabaseContext,
    private readonly isUp: () => boolean,
    private readonly log: Log,
    options: TimeToLiveOptions = {},
  ) {
    const { now = Date.now, delayMs = 0 } = options;
    this.dueBefore = () => now() - delayMs;
    this.timer = setInterval(() => this.tick(), options.intervalMs ?? 1000);
    this.timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private tick(): void {
    if (this.busy || !this.isUp()) return;
    this.busy = true;
    this.running = this.sweep()
      .catch((error: Error) =>
        this.log("dynamodb", `${this.context.region}: deleting expired items failed: ${error.stack}`),
      )
      .finally(() => (this.busy = false));
  }

  private async sweep(): Promise<void> {
    for (const tableName of this.context.settings.tableNames()) await this.deleteExpired(tableName);
    if (this.context.now() < this.nextTrim) return;
    this.nextTrim = this.context.now() + TRIM_INTERVAL_MS;
    await this.context.writes.run(() => this.context.streams.trim());
  }

  private async deleteExpired(tableName: string): Promise<void> {
    if (this.context.settings.of(tableName).timeToLiveAttribute === undefined) return;
    for (const key of await this.context.expiries.expired(tableName, this.dueBefore())) {
      if (!this.isUp()) return;
      await this.context.writes.run(() => this.deleteIfExpired(tableName, key));
    }
  }

  /** Checks the item's expiry again, because a write may have changed it in the meantime. */
  private async deleteIfExpired(tableName: string, key: string): Promise<void> {
    const attribute = this.context.settings.of(tableName).timeToLiveAttribute;
    const item = this.context.level.getSync(itemPrefix(tableName) + key) as Item | undefined;
    if (!item || attribute === undefined || Number(item[attribute]?.N) * 1000 >= this.dueBefore()) return;
    const view = this.context.view();
    const keys = view.table(tableName).KeySchema as { AttributeName: string }[];
    const Key = Object.fromEntries(keys.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
    await runAction("DeleteItem", view, checkRequest("DeleteItem", { TableName: tableName, Key }, view));
    await this.context.commit([view], { userIdentity: TIME_TO_LIVE_IDENTITY });
  }
}
