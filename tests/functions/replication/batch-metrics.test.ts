import assert from "node:assert/strict";
import { embeddedMetrics } from "../../../functions/shared/metrics";
import { BatchFigures, batchMetrics } from "../../../functions/replication/batch-metrics";

const FIGURES: BatchFigures = {
  applied: 3,
  stale: 2,
  conflicts: 1,
  quarantined: 4,
  quarantinedInBucket: 2,
  rejected: 6,
  retried: 5,
  lags: [120, 80, 400],
  clockSkew: 7,
};
const SOURCE = { functionName: "replicator", sourceRegion: "eu-west-1", targetRegion: "ap-southeast-1" };

describe("batchMetrics", () => {
  const document = (figures: BatchFigures): Record<string, unknown> =>
    JSON.parse(embeddedMetrics(batchMetrics(SOURCE, figures, 1000))[0]);

  it("returns every figure, and each lag so that CloudWatch can compute percentiles", () => {
    const { _aws, ...values } = document(FIGURES);
    assert.deepEqual(values, {
      FunctionName: "replicator",
      SourceRegion: "eu-west-1",
      TargetRegion: "ap-southeast-1",
      Applied: 3,
      Stale: 2,
      Conflicts: 1,
      Quarantined: 4,
      QuarantinedInBucket: 2,
      Rejected: 6,
      Retried: 5,
      ReplicationLag: [120, 80, 400],
      ClockSkew: 7,
    });
    assert.equal((_aws as { Timestamp: number }).Timestamp, 1000);
  });

  it("returns no lag if nothing was applied", () => {
    assert.ok(!("ReplicationLag" in document({ ...FIGURES, applied: 0, lags: [] })));
  });
});
