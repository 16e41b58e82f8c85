/** Time that a caller waits for a count before it gets the previous one, in milliseconds. */
const PATIENCE_MS = 300;
/** A count starts at the earliest after this many times the duration of the previous one, so that counting takes 5 % of the time. */
const PAUSE_FACTOR = 20;

/** The count of one table. */
interface Count {
  latest: number | undefined;
  running: Promise<void> | undefined;
  nextStart: number;
}

/**
 * Counts of tickets by table. A count reads a whole index, so it takes seconds for a large table. Callers then get the
 * previous count, and the next one starts later.
 */
export class TicketCounts {
  private readonly counts = new Map<string, Count>();

  /** @param now milliseconds of a clock that only increases. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Returns the latest count of a table.
   * @param countNow counts the tickets; returns undefined when the table does not respond.
   */
  async of(table: string, countNow: () => Promise<number | undefined>): Promise<number | undefined> {
    const count = this.counts.get(table) ?? { latest: undefined, running: undefined, nextStart: 0 };
    this.counts.set(table, count);
    if (!count.running && this.now() >= count.nextStart) count.running = this.run(count, countNow);
    if (count.running) await Promise.race([count.running, patience()]);
    return count.latest;
  }

  private async run(count: Count, countNow: () => Promise<number | undefined>): Promise<void> {
    const start = this.now();
    count.latest = await countNow();
    const end = this.now();
    count.nextStart = end + PAUSE_FACTOR * (end - start);
    count.running = undefined;
  }
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
}
