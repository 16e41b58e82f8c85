import type { Json } from "./item";

/** Write of one key of the database. */
export type BatchOperation =
  | { readonly type: "put"; readonly key: string; readonly value: unknown }
  | { readonly type: "del"; readonly key: string };

export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** -1 for no limit. */
  readonly limit?: number;
}

/** The methods of dynalite's LevelDB (on disk or in memory) that are used here. Values are JSON. */
export interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string): unknown;
  /** Applies all operations atomically. */
  batch(operations: readonly BatchOperation[]): Promise<void>;
  clear(range: KeyRange): Promise<void>;
  iterator(range: KeyRange): { nextv(size: number): Promise<[string, Json][]>; close(): Promise<void> };
}

const CHUNK = 100;

/** Range of the keys that start with a prefix. Keys are ASCII, so `\xff` sorts after all of them. */
export function prefixed(prefix: string, range: KeyRange = {}): KeyRange {
  const { gt, gte, lt, lte, ...rest } = range;
  const from =
    gte !== undefined ? { gte: prefix + gte } : gt !== undefined ? { gt: prefix + gt } : { gte: prefix };
  const to =
    lte !== undefined
      ? { lte: prefix + lte }
      : lt !== undefined
        ? { lt: prefix + lt }
        : { lt: `${prefix}\xff` };
  return { ...rest, ...from, ...to };
}

/** Yields the keys and values of a range. They are read in chunks, so stopping early is cheap. */
export async function* entries(level: Level, range: KeyRange): AsyncGenerator<[string, Json]> {
  const iterator = level.iterator(range);
  try {
    for (;;) {
      const chunk = await iterator.nextv(CHUNK);
      if (chunk.length === 0) return;
      yield* chunk;
    }
  } finally {
    await iterator.close();
  }
}
