import type { Json } from "./item";
import { entries, prefixed, type Level } from "./level";

const SETTINGS = "front~table~";

/** Settings of a table that dynalite does not store. */
export interface TableSettings {
  /** ARN of the table's newest stream, which may be disabled. */
  readonly streamArn?: string;
  /** The TTL attribute; undefined if TTL is disabled. */
  readonly timeToLiveAttribute?: string;
  readonly deletionProtection?: boolean;
  readonly serverSideEncryption?: Json;
  readonly tableClass?: string;
  readonly pointInTimeRecovery?: { readonly since: number; readonly days: number };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Settings of a region's tables, in memory and in the database. */
export class TableSettingsStore {
  private readonly settings = new Map<string, TableSettings>();

  private constructor(private readonly level: Level) {}

  static async open(level: Level): Promise<TableSettingsStore> {
    const store = new TableSettingsStore(level);
    for await (const [key, value] of entries(level, prefixed(SETTINGS)))
      store.settings.set(key.slice(SETTINGS.length), value);
    return store;
  }

  of(tableName: string): TableSettings {
    return this.settings.get(tableName) ?? {};
  }

  tableNames(): string[] {
    return [...this.settings.keys()];
  }

  /** Changes some settings of a table; `undefined` removes a setting. */
  async change(tableName: string, change: TableSettings): Promise<void> {
    const value = { ...this.of(tableName), ...change };
    this.settings.set(tableName, value);
    await this.level.batch([{ type: "put", key: SETTINGS + tableName, value }]);
  }

  async delete(tableName: string): Promise<void> {
    this.settings.delete(tableName);
    await this.level.batch([{ type: "del", key: SETTINGS + tableName }]);
  }
}
