import type { KeyRange, Level } from "./dynalite";
import type { Json } from "./json";

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
