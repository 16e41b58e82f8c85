/** Measurements of one direction of replication since the start. */
export interface ReplicationMetrics {
  /** Writes that were applied in the other region. */
  readonly applied: number;
  readonly conflicts: number;
  /** Percentiles of the most recent lags, in milliseconds; undefined before the first one. */
  readonly lagP50Ms: number | undefined;
  readonly lagP99Ms: number | undefined;
  /** Percentiles of the last two minutes by interval, oldest first. */
  readonly lagHistory: readonly LagPoint[];
}

/** Percentiles of the replication lag in one interval. */
export interface LagPoint {
  /** Start of the interval, in milliseconds since 1970. */
  readonly at: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Direction {
  applied: number;
  conflicts: number;
  readonly lags: number[];
  readonly history: LagHistory;
}

/** The fields of a document in embedded metric format that are read here. */
interface EmbeddedMetrics {
  readonly _aws?: { readonly CloudWatchMetrics?: unknown };
  readonly SourceRegion?: string;
  readonly TargetRegion?: string;
  readonly Applied?: number;
  readonly Conflicts?: number;
  readonly ReplicationLag?: number | readonly number[];
}

/** Number of most recent lags that the percentiles of a direction are computed from. */
const MAXIMUM_LAGS = 1000;

/** Collects replication metrics from the embedded metric format in the functions' logs, as CloudWatch does. */
export class MetricsCollector {
  private readonly directions = new Map<string, Direction>();

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {}

  /** Reads a line of a function's log. Returns false when the line contains no metrics. */
  collect(line: string): boolean {
    const document = parsed(line);
    if (!document?._aws?.CloudWatchMetrics) return false;
    const direction = this.direction(document.SourceRegion ?? "", document.TargetRegion ?? "");
    direction.applied += document.Applied ?? 0;
    direction.conflicts += document.Conflicts ?? 0;
    const lags = [document.ReplicationLag ?? []].flat();
    direction.lags.push(...lags);
    direction.history.add(lags);
    direction.lags.splice(0, direction.lags.length - MAXIMUM_LAGS);
    return true;
  }

  /**
   * Returns the metrics of one direction.
   * @param source AWS code.
   * @param target AWS code.
   */
  ofReplication(source: string, target: string): ReplicationMetrics {
    const { applied, conflicts, lags, history } = this.direction(source, target);
    const sorted = [...lags].sort((left, right) => left - right);
    const [lagP50Ms, lagP99Ms] = [percentile(sorted, 50), percentile(sorted, 99)];
    return { applied, conflicts, lagP50Ms, lagP99Ms, lagHistory: history.points() };
  }

  private direction(source: string, target: string): Direction {
    const key = `${source} ${target}`;
    const known = this.directions.get(key) ?? {
      applied: 0,
      conflicts: 0,
      lags: [],
      history: new LagHistory(this.now),
    };
    this.directions.set(key, known);
    return known;
  }
}

function parsed(line: string): EmbeddedMetrics | undefined {
  if (!line.startsWith('{"_aws"')) return undefined;
  try {
    return JSON.parse(line) as EmbeddedMetrics;
  } catch {
    // Not a JSON document. CloudWatch treats such a line as ordinary log text too.
    return undefined;
  }
}

/** Length of an interval, in milliseconds. */
export const INTERVAL_MS = 2_000;
const HISTORY_MS = 120_000;
/** Number of most recent lags that the percentiles of an interval are computed from. */
const MAXIMUM_INTERVAL_LAGS = 200;

/** Replication lags of the last two minutes by interval. */
export class LagHistory {
  /** Lags by start of the interval, in order of time. */
  private readonly intervals = new Map<number, number[]>();

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** @param lags milliseconds. */
  add(lags: readonly number[]): void {
    if (lags.length === 0) return;
    const now = this.now();
    const start = now - (now % INTERVAL_MS);
    const recent = [...(this.intervals.get(start) ?? []), ...lags].slice(-MAXIMUM_INTERVAL_LAGS);
    this.intervals.set(start, recent);
    this.removeExpired();
  }

  /** Returns one point for each interval that had writes, oldest first. */
  points(): LagPoint[] {
    this.removeExpired();
    return [...this.intervals].map(([at, lags]) => {
      const sorted = [...lags].sort((left, right) => left - right);
      return { at, p50Ms: percentile(sorted, 50) as number, p99Ms: percentile(sorted, 99) as number };
    });
  }

  private removeExpired(): void {
    const oldest = this.now() - HISTORY_MS;
    for (const at of this.intervals.keys()) if (at < oldest) this.intervals.delete(at);
  }
}

/** Returns a percentile by nearest rank; undefined for an empty list. */
function percentile(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}
