import assert from "node:assert/strict";
import fc from "fast-check";
import { initialHealth, recordResult, UNCHECKED } from "../../../../local/aws/route53/endpoint-monitor";

/** Model of the rule: the status is that of the last run of equal results that is at least as long as the threshold. */
function byRuns(results: readonly boolean[], threshold: number): boolean {
  for (let end = results.length; end >= threshold; end--) {
    const run = results.slice(end - threshold, end);
    if (run.every((passed) => passed === run[0])) return run[0];
  }
  return true;
}

describe("Threshold of a health check", () => {
  const thresholds = fc.integer({ min: 1, max: 10 });

  it("changes the status after exactly that number of consecutive contrary results", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), thresholds, (results, threshold) => {
        const health = results.reduce((state, passed) => recordResult(state, passed, threshold), UNCHECKED);
        assert.equal(health.healthy, byRuns(results, threshold));
      }),
    );
  });

  it("applies to every new check but an inverted one, which follows its first result", () => {
    fc.assert(
      fc.property(thresholds, fc.boolean(), fc.boolean(), (threshold, inverted, passed) => {
        const { healthy } = recordResult(initialHealth(inverted, threshold), passed, threshold);
        assert.equal(healthy, passed || (!inverted && threshold > 1));
      }),
    );
  });

  it("keeps the check healthy while consecutive failures are one below it", () => {
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
