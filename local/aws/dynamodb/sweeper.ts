import type { Log } from "../log";
import type { DatabaseContext } from "./database-context";
import type { Item } from "./item";
import { checkRequest, runAction } from "./dynalite";
import { itemPrefix } from "./store-view";
import { TIME_TO_LIVE_IDENTITY } from "./streams/change-record";

const TRIM_INTERVAL_MS = 60_000;

/** When expired items are deleted. */
export interface TimeToLiveOptions {
  /** Between two looks for expired items; 1000 by default. DynamoDB takes up to a few days. */
  readonly intervalMs?: number;
  /** The time that expiries are compared with, in milliseconds since the epoch; the clock's by default. */
  readonly now?: () => number;
}

/** Deletes expired items and trims old stream records of one region, while the region is not down. */
export class Sweeper {
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  private nextTrim = 0;

  constructor(
    private readonly context: DatabaseContext,
    private readonly isUp: () => boolean,
    private readonly log: Log,
    options: TimeToLiveOptions = {},
  ) {
    this.now = options.now ?? Date.now;
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
        this.log("dynamodb", `${this.context.region}: sweeping failed: ${error.stack}`),
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
    for (const key of await this.context.expiries.expired(tableName, this.now())) {
      if (!this.isUp()) return;
      await this.context.writes.run(() => this.deleteIfExpired(tableName, key));
    }
  }

  /** The item is looked at again, since a write may have come first that gave it a later expiry. */
  private async deleteIfExpired(tableName: string, key: string): Promise<void> {
    const attribute = this.context.settings.of(tableName).timeToLiveAttribute;
    const item = this.context.level.getSync(itemPrefix(tableName) + key) as Item | undefined;
    if (!item || attribute === undefined || Number(item[attribute]?.N) * 1000 >= this.now()) return;
    const view = this.context.view();
    const keys = view.table(tableName).KeySchema as { AttributeName: string }[];
    const Key = Object.fromEntries(keys.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
    await runAction("DeleteItem", view, checkRequest("DeleteItem", { TableName: tableName, Key }, view));
    await this.context.commit([view], TIME_TO_LIVE_IDENTITY);
  }
}
