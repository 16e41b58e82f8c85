import type { Item } from "./item";
import type { BatchOperation, Level } from "./level";
import { entries, prefixed } from "./level";
import { itemPrefix, type ItemChange } from "./store-view";
import type { TableSettingsStore } from "./table-settings-store";

/** Items that expired longer ago are not deleted. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
const FIVE_YEARS_S = 5 * 365 * 24 * 60 * 60;
const DIGITS = 15;
const CHUNK = 1000;

/** Index of items by expiry time, updated with every write, so that finding expired items does not scan the table. */
export class ExpiryIndex {
  constructor(
    private readonly level: Level,
    private readonly settings: TableSettingsStore,
  ) {}

  /** Returns the database operations that update the index for item changes. */
  operationsFor(changes: readonly ItemChange[]): BatchOperation[] {
    return changes.flatMap(({ tableName, key, before, after }) => {
      const attribute = this.settings.of(tableName).timeToLiveAttribute;
      if (attribute === undefined) return [];
      const [old, current] = [expiryOf(before, attribute), expiryOf(after, attribute)];
      if (old === current) return [];
      const operations: BatchOperation[] = [];
      if (old !== undefined) operations.push({ type: "del", key: entryKey(tableName, old, key) });
      if (current !== undefined)
        operations.push({ type: "put", key: entryKey(tableName, current, key), value: key });
      return operations;
    });
  }

  /** Rebuilds the index of a table for the TTL attribute in its settings. */
  async rebuild(tableName: string): Promise<void> {
    await this.clear(tableName);
    const prefix = itemPrefix(tableName);
    let operations: BatchOperation[] = [];
    for await (const [key, item] of entries(this.level, prefixed(prefix))) {
      const change = { tableName, key: key.slice(prefix.length), before: undefined, after: item };
      operations.push(...this.operationsFor([change]));
      if (operations.length < CHUNK) continue;
      await this.level.batch(operations);
      operations = [];
    }
    await this.level.batch(operations);
  }

  async clear(tableName: string): Promise<void> {
    await this.level.clear(prefixed(indexPrefix(tableName)));
  }

  /**
   * Returns the database keys of at most 1000 expired items, by expiry time, oldest first.
   * @param now milliseconds since the epoch.
   */
  async expired(tableName: string, now: number): Promise<string[]> {
    const seconds = Math.floor(now / 1000);
    const range = { gte: padded(Math.max(0, seconds - FIVE_YEARS_S)), lt: padded(seconds), limit: CHUNK };
    const keys: string[] = [];
    for await (const [, key] of entries(this.level, prefixed(indexPrefix(tableName), range)))
      keys.push(key as unknown as string);
    return keys;
  }
}

function expiryOf(item: Item | undefined, attribute: string): number | undefined {
  const seconds = Math.floor(Number(item?.[attribute]?.N ?? NaN));
  return seconds >= 0 && seconds < 10 ** DIGITS ? seconds : undefined;
}

function indexPrefix(tableName: string): string {
  return `front~expiry~${tableName}~`;
}

function entryKey(tableName: string, expiry: number, key: string): string {
  return `${indexPrefix(tableName)}${padded(expiry)}~${key}`;
}

function padded(seconds: number): string {
  return String(seconds).padStart(DIGITS, "0");
}
