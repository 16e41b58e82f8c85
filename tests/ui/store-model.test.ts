import fc from "fast-check";
import { StoreModel } from "./store-model";
import { OTHER_STEPS, OWN_STEPS, type Step } from "./store-steps";

/** Fixed seed, so that every run tests the same steps. */
const RUNS = { numRuns: 300, seed: 20260101 };

async function holdsFor(steps: readonly Step[]): Promise<void> {
  const model = new StoreModel();
  for (const step of steps) await model.run(step);
  await model.end();
}

describe("Tickets in the web UI under random actions and failures", () => {
  const lengths = { minLength: 10, maxLength: 35, size: "max" } as const;

  it("converge to the state of the regions, with all acknowledged writes and no duplicates", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(...OWN_STEPS), lengths), holdsFor), RUNS);
  });

  it("converge to the state of the regions when other clients write too", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(...OWN_STEPS, OTHER_STEPS), lengths), holdsFor), RUNS);
  });
});
