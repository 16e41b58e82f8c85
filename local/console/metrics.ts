import { LagHistory, percentile, type LagPoint } from "./lag-history";

/** What the functions measured of one direction of replication since the start. */
export interface ReplicationMetrics {
  /** Writes that the other region took. */
  readonly applied: number;
  readonly conflicts: number;
  /** Of the last writes that the other region took, in milliseconds; undefined before the first. */
  readonly lagP50Ms: number | undefined;
  readonly lagP99Ms: number | undefined;
  /** The lags of the last two minutes by interval, the oldest first. */
  readonly lagHistory: readonly LagPoint[];
}

interface Direction {
  applied: number;
  conflicts: number;
  readonly lags: number[];
  readonly history: LagHistory;
}

/** A document in embedded metric format, as far as it is used here. */
interface EmbeddedMetrics {
  readonly _aws?: { readonly CloudWatchMetrics?: unknown };
  readonly SourceRegion?: string;
  readonly TargetRegion?: string;
  readonly Applied?: number;
  readonly Conflicts?: number;
  readonly ReplicationLag?: number | readonly number[];
}

/** How many lags a percentile is taken of. */
const KEPT_LAGS = 1000;

/** CloudWatch metrics: reads what the functions write in embedded metric format. */
export class LocalMetrics {
  private readonly directions = new Map<string, Direction>();

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {}

  /** Takes a line of a function's log; false when it holds no metrics. */
  take(line: string): boolean {
    const document = parsed(line);
    if (!document?._aws?.CloudWatchMetrics) return false;
    const direction = this.direction(document.SourceRegion ?? "", document.TargetRegion ?? "");
    direction.applied += document.Applied ?? 0;
    direction.conflicts += document.Conflicts ?? 0;
    const lags = [document.ReplicationLag ?? []].flat();
    direction.lags.push(...lags);
    direction.history.add(lags);
    direction.lags.splice(0, direction.lags.length - KEPT_LAGS);
    return true;
  }

  /** @param source and target AWS codes. */
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
    // A function may write what it likes; CloudWatch takes what is no JSON for an ordinary line too.
    return undefined;
  }
}
