import type { Json } from "./item";
import { entries, prefixed, type BatchOperation, type KeyRange, type Level } from "./level";

/** Prefix of the database keys of all entries of global secondary indexes. */
const GLOBAL_INDEXES = "index-global~";

/** Change of an index entry that queries do not see yet. */
interface PendingChange {
  readonly key: string;
  /** The entry that queries still see; undefined if there was none. */
  readonly before: Json | undefined;
  /** Milliseconds since the epoch. */
  readonly visibleAt: number;
}

/**
 * Delay of global secondary indexes. The database always has the newest entries; queries see those of a moment ago. "Changes to the
 * table data are propagated to the global secondary indexes within a fraction of a second, under normal conditions":
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Writes
 */
export class DelayedIndexes {
  /** Pending changes by time. */
  private readonly queue: PendingChange[] = [];
  /** Pending changes of each entry by time. */
  private readonly byKey = new Map<string, PendingChange[]>();

  /**
   * @param delayMs 0 shows entries immediately.
   * @param now milliseconds since the epoch.
   */
  constructor(
    private readonly level: Level,
    private readonly delayMs: number,
    private readonly now: () => number,
  ) {}

  /** Records writes of the database. Call it immediately before they are carried out. */
  record(operations: readonly BatchOperation[]): void {
    if (this.delayMs === 0) return;
    const visibleAt = this.now() + this.delayMs;
    for (const { key } of operations) {
      if (!key.startsWith(GLOBAL_INDEXES)) continue;
      const change = { key, before: this.level.getSync(key) as Json | undefined, visibleAt };
      this.queue.push(change);
      const ofKey = this.byKey.get(key);
      if (ofKey) ofKey.push(change);
      else this.byKey.set(key, [change]);
    }
  }

  /** Yields the keys and values of a range that a query sees. The range is as of the first value. */
  async *entries(prefix: string, range: KeyRange): AsyncGenerator<[string, Json]> {
    const seen = this.pendingIn(prefix);
    if (seen.size === 0) return yield* entries(this.level, prefixed(prefix, range));
    const { limit = -1, ...rest } = range;
    let left = limit < 0 ? Infinity : limit;
    for await (const entry of this.merged(seen, prefixed(prefix, rest))) {
      if (left-- <= 0) return;
      yield entry;
    }
  }

  /** Forgets the pending changes of an index that is deleted or built anew. */
  forget(prefix: string): void {
    for (const key of this.byKey.keys()) if (key.startsWith(prefix)) this.byKey.delete(key);
  }

  private async *merged(
    seen: ReadonlyMap<string, Json | undefined>,
    range: KeyRange,
  ): AsyncGenerator<[string, Json]> {
    const isBefore = (left: string, right: string): boolean => (range.reverse ? left > right : left < right);
    const old = [...seen].filter((entry): entry is [string, Json] => {
      return entry[1] !== undefined && isInRange(entry[0], range);
    });
    old.sort(([left], [right]) => (isBefore(left, right) ? -1 : 1));
    for await (const entry of entries(this.level, range)) {
      if (seen.has(entry[0])) continue;
      while (old.length > 0 && isBefore(old[0][0], entry[0])) yield old.shift() as [string, Json];
      yield entry;
    }
    yield* old;
  }

  /** Returns what queries see of the changed entries of an index, by database key. */
  private pendingIn(prefix: string): Map<string, Json | undefined> {
    const now = this.now();
    while (this.queue.length > 0 && this.queue[0].visibleAt <= now) {
      const { key } = this.queue.shift() as PendingChange;
      const rest = this.byKey.get(key)?.filter(({ visibleAt }) => visibleAt > now) ?? [];
      if (rest.length > 0) this.byKey.set(key, rest);
      else this.byKey.delete(key);
    }
    const seen = new Map<string, Json | undefined>();
    if (!prefix.startsWith(GLOBAL_INDEXES)) return seen;
    for (const [key, [first]] of this.byKey) if (key.startsWith(prefix)) seen.set(key, first.before);
    return seen;
  }
}

function isInRange(key: string, { gt, gte, lt, lte }: KeyRange): boolean {
  return (
    (gt === undefined || key > gt) &&
    (gte === undefined || key >= gte) &&
    (lt === undefined || key < lt) &&
    (lte === undefined || key <= lte)
  );
}
