import assert from "node:assert/strict";
import { embeddedMetrics } from "../../../functions/shared/metrics";
import { batchMetrics } from "../../../functions/replication/batch-metrics";
import { LagHistory, MetricsCollector } from "../../../local/console/replication-metrics";

const [IRELAND, SINGAPORE] = ["eu-west-1", "ap-southeast-1"];

describe("MetricsCollector", () => {
  let metrics: MetricsCollector;
  beforeEach(() => (metrics = new MetricsCollector(() => 5000)));

  const collect = (lags: number[], conflicts = 0): void => {
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
      assert.ok(metrics.collect(line));
  };

  it("adds up the metrics of each direction of replication", () => {
    collect([10], 1);
    collect([30, 20]);
    collect([], 2);
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

  it("computes percentiles of the last 1,000 writes, including batches of more than 100", () => {
    collect(Array.from({ length: 1000 }, () => 100_000));
    collect(Array.from({ length: 1000 }, (_, index) => index + 1));
    const { applied, lagP50Ms, lagP99Ms } = metrics.ofReplication(IRELAND, SINGAPORE);
    assert.deepEqual([applied, lagP50Ms, lagP99Ms], [2000, 500, 990]);
  });

  it("ignores every other line of a log", () => {
    for (const line of ["", "hello", '{"level":"INFO","message":"_aws"}', '{"_aws":', '{"_aws":{}}'])
      assert.equal(metrics.collect(line), false, line);
  });
});

describe("LagHistory", () => {
  let now: number;
  let history: LagHistory;

  beforeEach(() => {
    now = 1_000_000;
    history = new LagHistory(() => now);
  });

  it("returns a point for each interval with writes, oldest first", () => {
    history.add([30, 10, 20]);
    now += 1_999;
    history.add([400]);
    now += 1;
    history.add([]);
    now += 10_000;
    history.add([7]);
    assert.deepEqual(history.points(), [
      { at: 1_000_000, p50Ms: 20, p99Ms: 400 },
      { at: 1_012_000, p50Ms: 7, p99Ms: 7 },
    ]);
  });

  it("removes points that are older than two minutes", () => {
    history.add([1]);
    now += 120_000;
    assert.equal(history.points().length, 1);
    now += 1;
    assert.deepEqual(history.points(), []);
  });

  it("computes an interval's percentiles from its last 200 writes", () => {
    for (let write = 0; write < 1_000; write++) history.add([write]);
    assert.deepEqual(history.points(), [{ at: 1_000_000, p50Ms: 899, p99Ms: 997 }]);
  });
});
