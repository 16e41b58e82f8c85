import fc from "fast-check";
import { anySteps } from "./any-steps";
import { simulate } from "./simulate";
import { RULES, Rules } from "./rules";
import type { Step } from "./steps";

/** Maximum seed: seeds are whole numbers of 31 bits. */
export const MAXIMUM_SEED = 2 ** 31 - 1;

/** Time limit of shrinking a failure, in milliseconds. */
const SHRINKING_LIMIT_MS = 60_000;

/** Schedule under which a guarantee was broken. */
export interface Failure {
  readonly seed: number;
  /** Broken guarantee. */
  readonly message: string;
  /** Shortest list of steps found that breaks a guarantee. */
  readonly steps: readonly Step[];
}

/**
 * Simulates the schedule of a seed, and shrinks it if it fails. A seed always produces the same schedule.
 * @param seed 0 to `MAXIMUM_SEED`.
 * @param rules real rules, or mutated ones in tests.
 * @returns the failure; undefined if every guarantee held.
 */
export async function trySeed(seed: number, rules: Rules = RULES): Promise<Failure | undefined> {
  const property = fc.asyncProperty(anySteps, (steps) => simulate(rules, steps));
  const run = await fc.check(property, {
    seed,
    numRuns: 1,
    // A bias to small values is of no use in a single run.
    unbiased: true,
    interruptAfterTimeLimit: SHRINKING_LIMIT_MS,
  });
  if (!run.counterexample) return undefined;
  const [steps] = run.counterexample;
  const { message } = run.errorInstance as Error;
  return { seed, message, steps };
}

/** Returns the report of a failure: the broken guarantee, the steps, and the command that replays it. */
export function describeFailure({ seed, message, steps }: Failure): string {
  const lines = steps.map((step, index) => `  ${String(index + 1).padStart(2)}  ${describeStep(step)}`);
  const replay = `npm run simulate -- --seed ${seed}`;
  return [`Seed ${seed} fails: ${message}`, "", "The steps:", ...lines, "", `To replay: ${replay}`].join(
    "\n",
  );
}

function describeStep({ kind, ...details }: Step): string {
  return `${kind} ${JSON.stringify(details)}`;
}
