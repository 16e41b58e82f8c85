import fc from "fast-check";
import { captureLogs } from "../support/logs";
import { simulate } from "./judge";
import { RULES } from "./rules";
import { anySteps, Step } from "./steps";

/**
 * How the property is run. A failure prints its seed and path; to see just that one again:
 * `FC_SEED=<seed> FC_PATH=<path> npx mocha --grep "two regions end"`. `FC_RUNS` sets how many simulations are run.
 */
function parameters(): fc.Parameters<[Step[]]> {
  const { FC_SEED: seed, FC_PATH: path, FC_RUNS: runs } = process.env;
  return { numRuns: Number(runs ?? 300), ...(seed && { seed: Number(seed) }), ...(path && { path }) };
}

describe("two regions", () => {
  captureLogs();

  it("end with equal tables and at rest, whatever the interleaving, duplicates, failures and clocks", () =>
    fc.assert(
      fc.asyncProperty(anySteps, (steps) => simulate(RULES, steps)),
      parameters(),
    )).timeout(120_000);
});
