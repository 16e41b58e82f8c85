import assert from "node:assert/strict";
import fc from "fast-check";
import { anySteps } from "../../simulation/any-steps";
import { simulate } from "../../simulation/simulate";
import { RULES } from "../../simulation/rules";
import { captureLogs } from "../support/logs";
import { CONFLICT_MUTANTS } from "./conflict-mutants";
import { MUTANTS } from "./mutants";
import { REQUEST_MUTANTS } from "./request-mutants";

/** Number of simulations within which every fault must be found. */
const RUNS = 2000;
/** Fixed seed, so that the result is reproducible. */
const SEED = 1;

describe("The simulation of two regions finds", () => {
  captureLogs();

  for (const [fault, { rules, message }] of Object.entries({
    ...MUTANTS,
    ...CONFLICT_MUTANTS,
    ...REQUEST_MUTANTS,
  }))
    it(fault, async () => {
      const property = fc.asyncProperty(anySteps, async (steps) => {
        const error = await simulate({ ...RULES, ...rules }, steps).catch(String);
        return !message.test(error ?? "");
      });
      const { failed } = await fc.check(property, {
        seed: SEED,
        numRuns: RUNS,
        unbiased: true,
        endOnFailure: true,
      });
      assert.ok(failed, `None of ${RUNS} simulations fails with ${message}.`);
    });
});
