import type { MetricData } from "../shared/metrics";

/** What became of the records of one batch. */
export interface BatchFigures {
  /** Writes that the other region took. */
  readonly applied: number;
  /** Writes that the other region had already, or had newer. */
  readonly stale: number;
  /** Conflicts that were detected, whichever side lost. */
  readonly conflicts: number;
  /** Records that were set aside. */
  readonly quarantined: number;
  /** Of those, records that are in the failure bucket because the queue did not take them. */
  readonly quarantinedInBucket: number;
  /** Records of items that may not cross regions. */
  readonly rejected: number;
  /** Records that the stream was asked to give again. */
  readonly retried: number;
  /** Of each write that the other region took, milliseconds from its version to its arrival. */
  readonly lags: readonly number[];
  /** Milliseconds that the furthest version is ahead of this region's clock; 0 when none is. */
  readonly clockSkew: number;
}

/** Which replication a batch is of. */
export interface BatchSource {
  /** Tells the stacks of one account apart, which may replicate between the same regions. */
  readonly functionName: string;
  /** AWS codes. */
  readonly sourceRegion: string;
  readonly targetRegion: string;
}

/** The metric that holds the lags; its percentiles are the replication's. */
export const REPLICATION_LAG = "ReplicationLag";

/** The metric of records that the quarantine queue did not take. */
export const QUARANTINED_IN_BUCKET = "QuarantinedInBucket";
/** The metric that counts records of items that may not cross regions; see `crossing.ts`. */
export const REJECTED = "Rejected";

/** The metrics of a batch. */
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
