import assert from "node:assert/strict";
import { changedItem, RoutingChange, RoutingItem } from "../../../functions/routing/routing-item";
import {
  observed,
  takeoverReason,
  SentinelState,
  sentinelTiming,
} from "../../../functions/sentinel/sentinel-state";
import { NOW, SINGAPORE } from "../../../testing/tickets";

const TIMING = sentinelTiming(30);
const NEW: SentinelState = { id: "sentinel", runner: "one", primary: "ireland", failures: 0 };
/** Of a sentinel that has found the other region healthy once. */
const START: SentinelState = { ...NEW, wellRevision: 0 };

/** Returns the routing item after changes, one revision each. */
function itemAfter(...changes: readonly RoutingChange[]): RoutingItem | undefined {
  const event = { by: "operator ada", at: "then", reason: "drill" };
  return changes.reduce<RoutingItem | undefined>(
    (item, what) => changedItem(SINGAPORE, item, { what, ...event }),
    undefined,
  );
}

const TAKEN = itemAfter("takeover");
const RETURNED = itemAfter("takeover", "failback");
const FORCED = itemAfter("takeover", "forced failback");

/** Returns the state after probes at these seconds. A negative number is a failed probe at that second. */
function after(seconds: readonly number[], item?: RoutingItem, from = START): SentinelState {
  return seconds.reduce(
    (state, second) =>
      observed(
        state,
        { ok: !Object.is(Math.sign(second), -1), now: NOW + Math.abs(second) * 1000, item },
        TIMING,
      ),
    from,
  );
}

const reasonAt = (
  second: number,
  state: SentinelState,
  { item, isServing = false }: { readonly item?: RoutingItem; readonly isServing?: boolean } = {},
): string | undefined => takeoverReason({ state, item, isServing, now: NOW + second * 1000 }, TIMING);

describe("State of a sentinel", () => {
  for (const name of ["probedAt", "failingSince", "healthySince"] as const)
    it(`is discarded if its ${name} is in the future, so that a takeover remains possible`, () => {
      const ahead = { ...START, failures: 9, probedAt: NOW, [name]: NOW + 1e12 };
      const state = after([-1, -11, -21, -31], undefined, ahead);
      assert.equal(reasonAt(30, after([-1, -11, -21], undefined, ahead)), undefined);
      assert.match(reasonAt(31, state) ?? "", /all 4 probes within 30 s failed/);
    });

  it("probes at least three times before a takeover, and at least as often as Route 53", () => {
    assert.deepEqual(sentinelTiming(3), { takeoverAfterMs: 3000, intervalMs: 1000 });
    assert.deepEqual(sentinelTiming(30), { takeoverAfterMs: 30_000, intervalMs: 10_000 });
    assert.deepEqual(sentinelTiming(3600), { takeoverAfterMs: 3_600_000, intervalMs: 10_000 });
  });

  it("contains since when the other region is healthy", () => {
    const state = after([1, 10, 20]);
    assert.deepEqual(
      [state.healthySince, state.probedAt, state.failingSince],
      [NOW + 1000, NOW + 20_000, undefined],
    );
  });

  it("contains since when it fails, and how many probes failed", () => {
    const state = after([1, -10, -20], TAKEN);
    assert.deepEqual(
      [state.healthySince, state.failingSince, state.failures, state.failedAt, state.revision],
      [undefined, NOW + 10_000, 2, [NOW + 10_000, NOW + 20_000], 1],
    );
  });

  it("contains the revision of the routing item at the last successful probe, also after a gap", () => {
    const state = after([-20, -30], RETURNED, after([10], TAKEN));
    assert.deepEqual([state.revision, state.wellRevision], [2, 1]);
    assert.equal(after([-200], RETURNED, state).wellRevision, 1);
    assert.equal(after([210], RETURNED, state).wellRevision, 2);
  });

  it("continues through a takeover", () => {
    const { failures, failingSince } = after([-30], TAKEN, after([-10, -20]));
    assert.deepEqual([failures, failingSince], [3, NOW + 10_000]);
  });

  it("restarts after a failback, except for the time that the region is healthy", () => {
    const failing = after([-30], RETURNED, after([-10, -20], TAKEN));
    assert.deepEqual(
      [failing.failures, failing.failingSince, failing.failedAt],
      [1, NOW + 30_000, [NOW + 30_000]],
    );
    assert.equal(after([30], RETURNED, after([10, 20], TAKEN)).healthySince, NOW + 10_000);
  });

  it("is discarded after more than a minute without a probe", () => {
    const healthy = after([1, 10, 72]);
    assert.equal(healthy.healthySince, NOW + 72_000);
    const failing = after([-1, -11, -21, -90]);
    assert.deepEqual([failing.failures, failing.failingSince], [1, NOW + 90_000]);
  });
});

describe("takeoverReason", () => {
  it("returns none until the other region was healthy once, whatever Route 53 does: a first deployment is no outage", () => {
    const failing = after([-1, -11, -21, -31, -41], undefined, NEW);
    assert.equal(reasonAt(41, failing), undefined);
    assert.equal(reasonAt(41, failing, { isServing: true }), undefined);
    const healthy = after([51], undefined, failing);
    assert.equal(reasonAt(51, healthy, { isServing: true }), undefined);
    assert.equal(reasonAt(61, after([-61], undefined, healthy), { isServing: true }), undefined);
    assert.match(reasonAt(91, after([-61, -71, -81, -91], undefined, healthy)) ?? "", /all 4 probes/);
  });

  it("returns a reason if every probe failed for the configured time, and not before", () => {
    const state = after([-1, -11, -21]);
    assert.equal(reasonAt(21, state), undefined);
    assert.equal(reasonAt(30.9, state), undefined);
    assert.match(reasonAt(31, after([-1, -11, -21, -31])) ?? "", /^all 4 probes within 30 s failed$/);
  });

  it("returns none for too few probes, however long ago the first one failed", () => {
    assert.equal(reasonAt(41, after([-1, -41])), undefined);
  });

  it("returns none after a successful probe in between", () => {
    assert.equal(reasonAt(41, after([-1, -11, 21, -31, -41])), undefined);
  });

  it("returns a reason at once if Route 53 has failed over while probes failed, even if the next one succeeds", () => {
    assert.match(
      reasonAt(11, after([-1, -11]), { isServing: true }) ?? "",
      /Route 53 had already failed over/,
    );
    assert.match(reasonAt(31, after([-1, -11, 21, 31]), { isServing: true }) ?? "", /Route 53/);
  });

  it("returns none if Route 53 resolves here but every probe succeeded: new health checks start as unhealthy", () => {
    assert.equal(reasonAt(21, after([1, 11, 21]), { isServing: true }), undefined);
    assert.equal(reasonAt(90, after([-1, 11, 21, 31, 41, 51, 61, 71, 81]), { isServing: true }), undefined);
  });

  it("returns none if Route 53 resolves here and a single probe failed", () => {
    assert.equal(reasonAt(31, after([1, -11, 21, 31]), { isServing: true }), undefined);
  });

  it("returns a reason if Route 53 resolves here and two probes of the last minute failed", () => {
    assert.match(reasonAt(31, after([-1, 11, -21, 31]), { isServing: true }) ?? "", /Route 53/);
    assert.equal(reasonAt(71, after([-1, 11, 21, 31, 41, 51, -61, 71]), { isServing: true }), undefined);
  });

  it("returns none during a takeover, and after a failback only for later failures", () => {
    const failing = after([-1, -11, -21, -31], TAKEN);
    assert.equal(reasonAt(31, failing, { item: TAKEN }), undefined);
    const onward = after([-41, -51, -61], RETURNED, failing);
    assert.equal(reasonAt(61, onward, { item: RETURNED }), undefined);
    assert.match(
      reasonAt(71, after([-71], RETURNED, onward), { item: RETURNED }) ?? "",
      /all 4 probes within 30 s/,
    );
  });

  it("returns none after a forced failback until the region was healthy once", () => {
    const known = after([-41, -51, -61, -71], FORCED, after([1, -11, -21, -31], TAKEN));
    const afterGap = after([-200, -210, -220, -230], FORCED, known);
    for (const isServing of [false, true]) {
      assert.equal(reasonAt(71, known, { item: FORCED, isServing }), undefined);
      assert.equal(reasonAt(230, afterGap, { item: FORCED, isServing }), undefined);
    }
    const neverLooked = after([-41, -51, -61, -71], FORCED);
    assert.equal(reasonAt(71, neverLooked, { item: FORCED }), undefined);
    const anew = after([81, -91, -101, -111, -121], FORCED, known);
    const wellOnce = after([81], FORCED, known);
    assert.equal(reasonAt(81, wellOnce, { item: FORCED, isServing: true }), undefined);
    assert.match(reasonAt(121, anew, { item: FORCED }) ?? "", /all 4 probes/);
  });
});
