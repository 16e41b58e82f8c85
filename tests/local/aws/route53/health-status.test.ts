import assert from "node:assert/strict";
import fc from "fast-check";
import { initialHealth, recordResult, UNCHECKED } from "../../../../local/aws/route53/endpoint-monitor";

/** The rule said another way: the status is that of the last run of equal results that is as long as the threshold. */
function byRuns(results: readonly boolean[], threshold: number): boolean {
  for (let end = results.length; end >= threshold; end--) {
    const run = results.slice(end - threshold, end);
    if (run.every((passed) => passed === run[0])) return run[0];
  }
  return true;
}

describe("A health check's threshold", () => {
  const thresholds = fc.integer({ min: 1, max: 10 });

  it("turns the status after exactly so many results in a row the other way", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), thresholds, (results, threshold) => {
        const health = results.reduce((state, passed) => recordResult(state, passed, threshold), UNCHECKED);
        assert.equal(health.healthy, byRuns(results, threshold));
      }),
    );
  });

  it("counts from the first result on for an inverted check, and from the threshold on for any other", () => {
    fc.assert(
      fc.property(thresholds, fc.boolean(), fc.boolean(), (threshold, inverted, passed) => {
        const { healthy } = recordResult(initialHealth(inverted, threshold), passed, threshold);
        assert.equal(healthy, passed || (!inverted && threshold > 1));
      }),
    );
  });

  it("stays healthy while failures are one short of the threshold, however often", () => {
    fc.assert(
      fc.property(thresholds, fc.integer({ min: 1, max: 5 }), (threshold, rounds) => {
        const round = [...Array<boolean>(threshold - 1).fill(false), true];
        const results = Array.from({ length: rounds }, () => round).flat();
        const health = results.reduce((state, passed) => recordResult(state, passed, threshold), UNCHECKED);
        assert.deepEqual(health, UNCHECKED);
      }),
    );
  });
});
