import fc from "fast-check";
import { anySteps } from "./any-steps";
import { simulate } from "./simulate";
import { RULES, Rules } from "./rules";
import type { Step } from "./steps";

/** The highest seed: seeds are whole numbers of 31 bits. */
export const MAXIMUM_SEED = 2 ** 31 - 1;

/** Shrinking a failure stops after so many milliseconds with what it has. */
const SHRINKING_LIMIT_MS = 60_000;

/** A schedule under which a promise was broken. */
export interface Failure {
  readonly seed: number;
  /** Which promise. */
  readonly message: string;
  /** The fewest steps found that break one. */
  readonly steps: readonly Step[];
}

/**
 * Simulates the schedule that a seed makes, always the same one, and shrinks it when it fails.
 * @param seed 0 to `MAXIMUM_SEED`.
 * @param rules what replicates; the rules as they are unless a test breaks one.
 */
export async function trySeed(seed: number, rules: Rules = RULES): Promise<Failure | undefined> {
  const property = fc.asyncProperty(anySteps, (steps) => simulate(rules, steps));
  const run = await fc.check(property, {
    seed,
    numRuns: 1,
    // Small numbers first are of no use to a single run.
    unbiased: true,
    interruptAfterTimeLimit: SHRINKING_LIMIT_MS,
  });
  if (!run.counterexample) return undefined;
  const [steps] = run.counterexample;
  const { message } = run.errorInstance as Error;
  return { seed, message, steps };
}

/** A failure for the operator: what broke, the steps that break it, and how to see it again. */
export function describeFailure({ seed, message, steps }: Failure): string {
  const lines = steps.map((step, index) => `  ${String(index + 1).padStart(2)}  ${describeStep(step)}`);
  const again = `npm run simulate -- --seed ${seed}`;
  return [`Seed ${seed} fails: ${message}`, "", "The steps:", ...lines, "", `To see it again: ${again}`].join(
    "\n",
  );
}

function describeStep({ kind, ...details }: Step): string {
  return `${kind} ${JSON.stringify(details)}`;
}
