/** What one interval's writes needed to arrive in the other region. */
export interface LagPoint {
  /** When the interval began, in milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long an interval is, and how much of the past is kept, in milliseconds. */
export const INTERVAL_MS = 2_000;
const KEPT_MS = 120_000;
/** How many lags of an interval its percentiles are taken of: the last ones. */
const KEPT_LAGS = 200;

/** The lags of the last two minutes, by interval. */
export class LagHistory {
  /** By the beginning of the interval; a map keeps the order in which they began. */
  private readonly intervals = new Map<number, number[]>();

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** @param lags milliseconds. */
  add(lags: readonly number[]): void {
    if (lags.length === 0) return;
    const now = this.now();
    const beginning = now - (now % INTERVAL_MS);
    const kept = [...(this.intervals.get(beginning) ?? []), ...lags].slice(-KEPT_LAGS);
    this.intervals.set(beginning, kept);
    this.forgetThePast();
  }

  /** One point for each interval that had writes, the oldest first. */
  points(): LagPoint[] {
    this.forgetThePast();
    return [...this.intervals].map(([at, lags]) => {
      const sorted = [...lags].sort((left, right) => left - right);
      return { at, p50Ms: percentile(sorted, 50) as number, p99Ms: percentile(sorted, 99) as number };
    });
  }

  private forgetThePast(): void {
    const oldest = this.now() - KEPT_MS;
    for (const at of this.intervals.keys()) if (at < oldest) this.intervals.delete(at);
  }
}

/** A percentile by nearest rank; undefined of nothing. */
export function percentile(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}
