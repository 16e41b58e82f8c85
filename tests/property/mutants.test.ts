import assert from "node:assert/strict";
import fc from "fast-check";
import { captureLogs } from "../support/logs";
import { simulate } from "./judge";
import { MUTANTS } from "./mutants";
import { RULES } from "./rules";
import { anySteps } from "./steps";

/** Within so many simulations every fault must show. */
const RUNS = 1000;

describe("the simulation of two regions finds", () => {
  captureLogs();

  for (const [fault, { rules, complaint }] of Object.entries(MUTANTS))
    it(fault, async () => {
      const property = fc.asyncProperty(anySteps, async (steps) => {
        const error = await simulate({ ...RULES, ...rules }, steps).catch(String);
        return !complaint.test(error ?? "");
      });
      const { failed } = await fc.check(property, { numRuns: RUNS, endOnFailure: true });
      assert.ok(failed, `None of ${RUNS} simulations says ${complaint}.`);
    });
});
