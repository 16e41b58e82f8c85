import assert from "node:assert/strict";
import { describeFailure, trySeed } from "../../simulation/schedule";
import { captureLogs } from "../support/logs";

/** Fixed schedules. `npm run simulate` tries others, and replays one of these by its seed. */
const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);

describe("Simulation of two regions", () => {
  captureLogs();

  it("ends with equal tables and every conflict recorded, for any interleaving, failures and clocks", async () => {
    for (const seed of SEEDS) {
      const failure = await trySeed(seed);
      if (failure) assert.fail(describeFailure(failure));
    }
  }).timeout(120_000);
});
