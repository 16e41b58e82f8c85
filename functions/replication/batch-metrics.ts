import type { MetricData } from "../shared/metrics";

/** Figures of one replicated batch. */
export interface BatchFigures {
  /** Writes that were applied to the other region. */
  readonly applied: number;
  /** Writes that were already stored in the other region, or replaced there by newer ones. */
  readonly stale: number;
  /** Detected conflicts, regardless of which write lost. */
  readonly conflicts: number;
  /** Quarantined records. */
  readonly quarantined: number;
  /** Quarantined records that are in the failure bucket because the queue did not accept them. */
  readonly quarantinedInBucket: number;
  /** Records whose items may not cross regions. */
  readonly rejected: number;
  /** Records that the stream delivers again. */
  readonly retried: number;
  /** Milliseconds from the version to the arrival of each applied write. */
  readonly lags: readonly number[];
  /** Milliseconds by which the highest version is ahead of this region's clock; 0 if none is ahead. */
  readonly clockSkew: number;
}

/** Source and target of a batch. */
export interface BatchSource {
  /** Distinguishes stacks of one account that replicate between the same regions. */
  readonly functionName: string;
  /** AWS codes. */
  readonly sourceRegion: string;
  readonly targetRegion: string;
}

/** Metric of the replication lag. */
export const REPLICATION_LAG = "ReplicationLag";

/** Metric of records that the quarantine queue did not accept. */
export const QUARANTINED_IN_BUCKET = "QuarantinedInBucket";
/** Metric of records whose items may not cross regions; see `crossing.ts`. */
export const REJECTED = "Rejected";

/** Returns the metrics of a batch. */
export function batchMetrics(source: BatchSource, figures: BatchFigures, timestamp: number): MetricData {
  const count = (value: number): MetricData["metrics"][string] => ({ unit: "Count", values: [value] });
  return {
    timestamp,
    dimensions: {
      FunctionName: source.functionName,
      SourceRegion: source.sourceRegion,
      TargetRegion: source.targetRegion,
    },
    metrics: {
      Applied: count(figures.applied),
      Stale: count(figures.stale),
      Conflicts: count(figures.conflicts),
      Quarantined: count(figures.quarantined),
      [QUARANTINED_IN_BUCKET]: count(figures.quarantinedInBucket),
      [REJECTED]: count(figures.rejected),
      Retried: count(figures.retried),
      [REPLICATION_LAG]: { unit: "Milliseconds", values: figures.lags },
      ClockSkew: { unit: "Milliseconds", values: [figures.clockSkew] },
    },
  };
}
