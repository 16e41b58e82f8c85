import assert from "node:assert/strict";
import { embeddedMetrics } from "../../../functions/shared/metrics";
import { batchMetrics } from "../../../functions/replication/batch-metrics";
import { LocalMetrics } from "../../../local/console/metrics";

const [IRELAND, SINGAPORE] = ["eu-west-1", "ap-southeast-1"];

describe("LocalMetrics", () => {
  let metrics: LocalMetrics;
  beforeEach(() => (metrics = new LocalMetrics(() => 5000)));

  const take = (lags: number[], conflicts = 0): void => {
    const counts = {
      applied: lags.length,
      stale: 0,
      quarantined: 0,
      quarantinedInBucket: 0,
      rejected: 0,
      retried: 0,
      clockSkew: 0,
    };
    const source = { functionName: "replicator", sourceRegion: IRELAND, targetRegion: SINGAPORE };
    for (const line of embeddedMetrics(batchMetrics(source, { ...counts, conflicts, lags }, 0)))
      assert.ok(metrics.take(line));
  };

  it("adds up what each direction of replication measured", () => {
    take([10], 1);
    take([30, 20]);
    take([], 2);
    assert.deepEqual(metrics.ofReplication(IRELAND, SINGAPORE), {
      applied: 3,
      conflicts: 3,
      lagP50Ms: 20,
      lagP99Ms: 30,
      lagHistory: [{ at: 4000, p50Ms: 20, p99Ms: 30 }],
    });
    assert.deepEqual(metrics.ofReplication(SINGAPORE, IRELAND), {
      applied: 0,
      conflicts: 0,
      lagP50Ms: undefined,
      lagP99Ms: undefined,
      lagHistory: [],
    });
  });

  it("takes percentiles of the last thousand writes, also of batches above a hundred", () => {
    take(Array.from({ length: 1000 }, () => 100_000));
    take(Array.from({ length: 1000 }, (_, index) => index + 1));
    const { applied, lagP50Ms, lagP99Ms } = metrics.ofReplication(IRELAND, SINGAPORE);
    assert.deepEqual([applied, lagP50Ms, lagP99Ms], [2000, 500, 990]);
  });

  it("leaves every other line of a log alone", () => {
    for (const line of ["", "hello", '{"level":"INFO","message":"_aws"}', '{"_aws":', '{"_aws":{}}'])
      assert.equal(metrics.take(line), false, line);
  });
});
