import type { Json } from "./item";

/** A change of one key of the database. */
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

/** The part of dynalite's LevelDB (on disk or in memory) that is used here. Values are JSON. */
export interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string): unknown;
  /** All or nothing. */
  batch(operations: readonly BatchOperation[]): Promise<void>;
  clear(range: KeyRange): Promise<void>;
  iterator(range: KeyRange): { nextv(size: number): Promise<[string, Json][]>; close(): Promise<void> };
}

const CHUNK = 100;

/** All keys that start with a prefix. Keys are ASCII, so `\xff` is after each of them. */
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

/** The keys and values of a range, read in chunks; the reader may stop early. */
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
