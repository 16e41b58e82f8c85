import assert from "node:assert/strict";
import fc from "fast-check";
import { anySteps } from "../../simulation/any-steps";
import { simulate } from "../../simulation/simulate";
import { RULES } from "../../simulation/rules";
import { captureLogs } from "../support/logs";
import { CONFLICT_MUTANTS } from "./conflict-mutants";
import { MUTANTS } from "./mutants";
import { REQUEST_MUTANTS } from "./request-mutants";

/** Within so many simulations every fault must show. */
const RUNS = 2000;
/** Always the same simulations, so that a fault that shows today shows tomorrow. */
const SEED = 1;

describe("the simulation of two regions finds", () => {
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
