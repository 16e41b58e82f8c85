import assert from "node:assert/strict";
import { LagHistory } from "../../../local/console/lag-history";

describe("The history of the lag", () => {
  let now: number;
  let history: LagHistory;

  beforeEach(() => {
    now = 1_000_000;
    history = new LagHistory(() => now);
  });

  it("has a point for each interval with writes, the oldest first", () => {
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

  it("forgets what is older than two minutes", () => {
    history.add([1]);
    now += 120_000;
    assert.equal(history.points().length, 1);
    now += 1;
    assert.deepEqual(history.points(), []);
  });

  it("stays small under many writes: an interval's last two hundred count", () => {
    for (let write = 0; write < 1_000; write++) history.add([write]);
    assert.deepEqual(history.points(), [{ at: 1_000_000, p50Ms: 899, p99Ms: 997 }]);
  });
});
