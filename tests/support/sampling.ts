import assert from "node:assert/strict";

/** Whether tests that take a random sample of cases run every case instead, as `npm test -- --all` asks for. */
export const RUNS_ALL_CASES = process.env.TEST_ALL === "1";

/**
 * Returns the seed of a test's random choices: the value of an environment variable, which repeats an earlier run, or a new one. The
 * test shows the variable and its value in its title.
 */
export function seedOf(variable: string): number {
  const seed = Number(process.env[variable] ?? Date.now() % 2 ** 31);
  assert.ok(Number.isInteger(seed), `${variable} must be an integer.`);
  return seed;
}
