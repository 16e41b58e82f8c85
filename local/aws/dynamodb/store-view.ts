import { Readable } from "node:stream";
import { serviceError } from "./api-error";
import { type Json, type Item, bareItem } from "./item";
import type { DelayedIndexes } from "./delayed-indexes";
import { prefixed, type BatchOperation, type KeyRange, type Level } from "./level";
import { findItemError } from "./item-checks";
import { ACCOUNT } from "../resource";

/** Change of one item by a write. */
export interface ItemChange {
  readonly tableName: string;
  /** The item's database key without the table's prefix. */
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

type Callback = (error: Error | null, value?: unknown) => void;
type Release = (callback: Callback) => Callback;

const MAXIMUM_ITEM_SIZE = 400 * 1024;

/**
 * Replacement of dynalite's store, with the interface that its actions use. Reads go to the database; writes to items
 * and indexes are collected, so that the caller commits them atomically with the stream records, or discards them.
 * A view serves one operation. Locks do nothing, because writes are serialized.
 */
export class StoreView {
  readonly options = {
    maxItemSize: MAXIMUM_ITEM_SIZE,
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  };
  readonly tableDb: object;
  readonly operations: BatchOperation[] = [];
  readonly changes: ItemChange[] = [];
  /** Number of completed writes of table definitions. */
  tableWrites = 0;
  /** The item that the operation read last. */
  lastRead: Item | undefined;

  constructor(
    private readonly level: Level,
    region: string,
    private readonly indexes: DelayedIndexes,
  ) {
    this.tableDb = { ...this.directDb("table~"), awsRegion: region, awsAccountId: ACCOUNT };
  }

  /** Definition of a table in dynalite's format. @throws ApiError ResourceNotFoundException. */
  table(name: string): Json {
    const table = this.level.getSync(`table~${name}`) as Json | undefined;
    if (!table)
      throw serviceError(
        "ResourceNotFoundException",
        `Requested resource not found: Table: ${name} not found`,
      );
    return table;
  }

  getTable = (name: string, check: boolean | Callback, callback?: Callback): void => {
    const done = typeof check === "function" ? check : (callback as Callback);
    const table = this.level.getSync(`table~${name}`) as Json | undefined;
    if (table && (check === false || !["CREATING", "DELETING"].includes(table.TableStatus)))
      return done(null, table);
    const where = check === false ? `: Table: ${name} not found` : "";
    const error = serviceError("ResourceNotFoundException", `Requested resource not found${where}`);
    error.name = "NotFoundError";
    done(error);
  };

  getItemDb = (tableName: string): object => {
    const prefix = itemPrefix(tableName);
    const change = (key: string, after: Item | undefined, callback: Callback): void => {
      const error = after && findItemError(after, this.table(tableName));
      if (error) return callback(error);
      const before = this.level.getSync(prefix + key) as Item | undefined;
      this.changes.push({ tableName, key, before, after });
      this.collect(prefix + key, after);
      callback(null);
    };
    return {
      ...this.readableDb(prefix),
      get: (key: string, callback: Callback): void => {
        const item = this.level.getSync(prefix + key) as Item | undefined;
        this.lastRead = item && bareItem(item);
        callback(null, this.lastRead);
      },
      put: (key: string, item: Item, callback: Callback) => change(key, item, callback),
      del: (key: string, callback: Callback) => change(key, undefined, callback),
    };
  };

  getIndexDb = (type: string, tableName: string, indexName: string): object => {
    const prefix = indexPrefix(type, tableName, indexName);
    return {
      ...this.readableDb(prefix),
      put: (key: string, item: Item, callback: Callback) => {
        this.collect(prefix + key, item);
        callback(null);
      },
      del: (key: string, callback: Callback) => {
        this.collect(prefix + key, undefined);
        callback(null);
      },
    };
  };

  deleteItemDb = (tableName: string, callback: Callback): void => {
    callBack(this.level.clear(prefixed(itemPrefix(tableName))), callback);
  };

  deleteIndexDb = (type: string, tableName: string, indexName: string, callback: Callback): void => {
    const prefix = indexPrefix(type, tableName, indexName);
    this.indexes.forget(prefix);
    callBack(this.level.clear(prefixed(prefix)), callback);
  };

  /** Does nothing: tags are stored in the table's settings. */
  deleteTagDb = (_tableName: string, callback: Callback): void => callback(null);

  private collect(key: string, value: Item | undefined): void {
    this.operations.push(value ? { type: "put", key, value } : { type: "del", key });
  }

  private readableDb(prefix: string): object {
    return {
      lock: (_key: string, task: (release: Release) => void) => task((callback) => callback),
      get: (key: string, callback: Callback) => callback(null, this.level.getSync(prefix + key)),
      createValueStream: (range: KeyRange) => Readable.from(this.read(prefix, range, 1)),
      createKeyStream: (range: KeyRange) => Readable.from(this.read(prefix, range, 0)),
    };
  }

  private directDb(prefix: string): object {
    return {
      ...this.readableDb(prefix),
      put: (key: string, value: Json, callback: Callback) => {
        const written = this.level.batch([{ type: "put", key: prefix + key, value }]);
        callBack(
          written.then(() => void (this.tableWrites += 1)),
          callback,
        );
      },
      del: (key: string, callback: Callback) =>
        callBack(this.level.batch([{ type: "del", key: prefix + key }]), callback),
    };
  }

  private async *read(prefix: string, range: KeyRange, part: 0 | 1): AsyncGenerator<unknown> {
    for await (const entry of this.indexes.entries(prefix, range))
      yield part === 0 ? entry[0].slice(prefix.length) : bareItem(entry[1] as Item);
  }
}

/** Prefix of the database keys of a table's items. */
export function itemPrefix(tableName: string): string {
  return `item-${tableName}~`;
}

/** Prefix of the database keys of an index's entries. @param type `Global` or `Local`. */
export function indexPrefix(type: string, tableName: string, indexName: string): string {
  return `index-${type.toLowerCase()}~${tableName}~${indexName}~`;
}

// The callback runs outside of the promise chain, so that an error that it throws is not treated as a database error.
function callBack(work: Promise<void>, callback: Callback): void {
  work.then(
    () => setImmediate(callback, null),
    (error: Error) => setImmediate(callback, error),
  );
}
