import assert from "node:assert/strict";
import { ReadRateLimiter } from "../../../operations/reconcile/read-rate";

describe("The rate of a reconciliation", () => {
  let time: number;
  let waited: number[];
  const clock = {
    now: () => time,
    sleep: async (milliseconds: number) => {
      waited.push(milliseconds);
      time += milliseconds;
    },
  };
  beforeEach(() => {
    time = 0;
    waited = [];
  });

  it("spreads items over the time that the rate gives them", async () => {
    const readRate = new ReadRateLimiter(100, clock);
    for (let page = 0; page < 10; page++) await readRate.take(50);
    assert.equal(time, 5000);
  });

  it("lets no burst follow a pause longer than a second", async () => {
    const readRate = new ReadRateLimiter(100, clock);
    time += 60_000;
    await readRate.take(100);
    assert.deepEqual(waited, []);
    await readRate.take(100);
    assert.deepEqual(waited, [1000]);
  });

  it("makes segments that read at the same time share the rate", async () => {
    const readRate = new ReadRateLimiter(100, { ...clock, sleep: async (wait) => void waited.push(wait) });
    await Promise.all([readRate.take(50), readRate.take(50), readRate.take(50)]);
    assert.deepEqual(waited, [500, 1000, 1500]);
  });

  it("never waits without a rate", async () => {
    await new ReadRateLimiter(undefined, clock).take(1_000_000);
    assert.deepEqual(waited, []);
  });
});
