import assert from "node:assert/strict";
import { describeFailure, trySeed } from "../../simulation/schedule";
import { captureLogs } from "../support/logs";

/** Always the same schedules; `npm run simulate` tries others, and shows one of these again by its seed. */
const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);

describe("two regions", () => {
  captureLogs();

  it("end equal, at rest and with every conflict told, whatever the interleaving, failures and clocks", async () => {
    for (const seed of SEEDS) {
      const failure = await trySeed(seed);
      if (failure) assert.fail(describeFailure(failure));
    }
  }).timeout(120_000);
});
