import assert from "node:assert/strict";
import {
  observed,
  reasonToTakeOver,
  SentinelState,
  sentinelTiming,
} from "../../../functions/sentinel/sentinel-state";
import { NOW } from "../../support/tickets";

const TIMING = sentinelTiming(30);
const START: SentinelState = { id: "sentinel", runner: "one", primary: "ireland", failures: 0 };

/** The state after probes at these seconds; those that are negative failed at their amount. */
function after(seconds: readonly number[], revision = 0, from = START): SentinelState {
  return seconds.reduce(
    (state, second) =>
      observed(
        state,
        { ok: !Object.is(Math.sign(second), -1), now: NOW + Math.abs(second) * 1000, revision },
        TIMING,
      ),
    from,
  );
}
const reasonAt = (
  second: number,
  state: SentinelState,
  revision = 0,
  isServing = false,
): string | undefined => reasonToTakeOver({ state, revision, isServing, now: NOW + second * 1000 }, TIMING);

describe("What a sentinel knows", () => {
  it("is asked three times within the time, and at least as often as Route 53 asks", () => {
    assert.deepEqual(sentinelTiming(3), { takeoverAfterMs: 3000, intervalMs: 1000 });
    assert.deepEqual(sentinelTiming(30), { takeoverAfterMs: 30_000, intervalMs: 10_000 });
    assert.deepEqual(sentinelTiming(3600), { takeoverAfterMs: 3_600_000, intervalMs: 10_000 });
  });

  it("is since when the other region is well", () => {
    const state = after([1, 10, 20]);
    assert.deepEqual(
      [state.healthySince, state.probedAt, state.failingSince],
      [NOW + 1000, NOW + 20_000, undefined],
    );
  });

  it("is since when it fails, and how often it did", () => {
    const state = after([1, -10, -20], 7);
    assert.deepEqual(
      [state.healthySince, state.failingSince, state.failures, state.failedAt, state.failureRevision],
      [undefined, NOW + 10_000, 2, [NOW + 10_000, NOW + 20_000], 7],
    );
  });

  it("keeps the revision at which a run of failures began", () => {
    const state = after([-20, -30], 2, after([-10], 1));
    assert.equal(state.failureRevision, 1);
    assert.equal(after([50], 2, state).failureRevision, 1);
    assert.equal(after([-60], 3, after([50], 2, state)).failureRevision, 3);
  });

  it("is forgotten when nobody looked for more than a minute", () => {
    const healthy = after([1, 10, 72]);
    assert.equal(healthy.healthySince, NOW + 72_000);
    const failing = after([-1, -11, -21, -90]);
    assert.deepEqual([failing.failures, failing.failingSince], [1, NOW + 90_000]);
  });
});

describe("A sentinel takes over", () => {
  it("when every probe failed for the whole time, and not a moment before", () => {
    const state = after([-1, -11, -21]);
    assert.equal(reasonAt(21, state), undefined);
    assert.equal(reasonAt(30.9, state), undefined);
    assert.match(reasonAt(31, after([-1, -11, -21, -31])) ?? "", /^every one of 4 probes in 30 s failed$/);
  });

  it("not on few probes, however long ago the first of them failed", () => {
    assert.equal(reasonAt(41, after([-1, -41])), undefined);
  });

  it("not after a single good probe in between", () => {
    assert.equal(reasonAt(41, after([-1, -11, 21, -31, -41])), undefined);
  });

  it("at once when Route 53 has moved the clients while a probe failed, even if the next one is good again", () => {
    assert.match(reasonAt(11, after([-1, -11]), 0, true) ?? "", /Route 53 had moved the clients/);
    assert.match(reasonAt(31, after([-1, -11, 21, 31]), 0, true) ?? "", /Route 53/);
  });

  it("not because Route 53 leads to it, when every probe was good: new health checks begin as unhealthy", () => {
    assert.equal(reasonAt(21, after([1, 11, 21]), 0, true), undefined);
    assert.equal(reasonAt(90, after([-1, 11, 21, 31, 41, 51, 61, 71, 81]), 0, true), undefined);
  });

  it("not because Route 53 leads to it and a single probe failed", () => {
    assert.equal(reasonAt(31, after([1, -11, 21, 31]), 0, true), undefined);
  });

  it("where Route 53 leads to it, on two failed probes of the last minute, also with a good one in between", () => {
    assert.match(reasonAt(31, after([-1, 11, -21, 31]), 0, true) ?? "", /Route 53/);
    assert.equal(reasonAt(71, after([-1, 11, 21, 31, 41, 51, -61, 71]), 0, true), undefined);
  });

  it("not on failures that began before somebody changed the routing item, until the region was well once", () => {
    const known = after([-1, -11, -21, -31], 4);
    assert.equal(reasonAt(31, known, 5), undefined);
    assert.equal(reasonAt(31, known, 5, true), undefined);
    const onward = after([-41, -51, -61, -71], 5, known);
    assert.equal(reasonAt(71, onward, 5), undefined);
    const anew = after([81, -91, -101, -111, -121], 5, onward);
    assert.match(reasonAt(121, anew, 5) ?? "", /every one of 4 probes/);
  });
});
