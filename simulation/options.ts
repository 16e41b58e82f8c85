import { argumentProblem, parseOptions } from "../command-line/arguments";
import { CommandError } from "../command-line/command-error";
import { wholeNumber } from "../operations/cli/command-line";
import { MAXIMUM_SEED } from "./schedule";

/** Options of the command. */
export interface SimulateOptions {
  readonly from: number;
  readonly count: number;
  readonly help: boolean;
}

/** Text of `--help`. */
export const HELP = `Simulates two regions under many schedules, and checks that they converge and that no write is lost silently.

  npm run simulate -- [options]

  --seeds NUMBER   number of schedules, 1000 by default
  --from SEED      first seed; by default chosen from the time, and printed
  --seed SEED      only this seed, to replay a failure
  --help           show this help

A seed always produces the same schedule.
Exit code: 0 all guarantees held; 1 a guarantee was broken; 2 the command failed.`;

const DEFAULT_SEEDS = 1000;
const MAXIMUM_SEEDS = 10_000_000;

/**
 * Reads the command line.
 * @param now milliseconds since 1970; determines the first seed if none is given.
 * @throws CommandError that names the invalid argument.
 */
export function readOptions(args: readonly string[], now: number): SimulateOptions {
  const { seeds, from, seed, help } = parse(args);
  if (seed !== undefined && (seeds !== undefined || from !== undefined))
    throw new CommandError("--seed runs a single schedule. Leave out --seeds and --from.");
  const only = wholeNumber("--seed", seed, 0, MAXIMUM_SEED);
  if (only !== undefined) return { from: only, count: 1, help };
  const count = wholeNumber("--seeds", seeds, 1, MAXIMUM_SEEDS) ?? DEFAULT_SEEDS;
  const last = MAXIMUM_SEED - count + 1;
  return { from: wholeNumber("--from", from, 0, last) ?? now % last, count, help };
}

function parse(args: readonly string[]): {
  readonly seeds?: string;
  readonly from?: string;
  readonly seed?: string;
  readonly help: boolean;
} {
  const text = { type: "string" } as const;
  try {
    return parseOptions(args, {
      seeds: text,
      from: text,
      seed: text,
      help: { type: "boolean", default: false },
    });
  } catch (error) {
    throw new CommandError(`${argumentProblem(error as Error)}; see npm run simulate -- --help.`, {
      cause: error,
    });
  }
}
