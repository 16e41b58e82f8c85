import { availableParallelism } from "node:os";
import { stopRequest } from "../command-line/stop-request";
import { CommandError } from "../command-line/command-error";
import type { CommandContext } from "../operations/cli/command";
import { terminal, wrappedFor } from "../command-line/terminal";
import { trySeeds } from "./workers";
import { HELP, readOptions, SimulateOptions } from "./options";
import { describeFailure } from "./schedule";

/**
 * The command `npm run simulate`: tries seeds on all processors and sets the exit code.
 * @param args the command line without the program's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  const signal = stopRequest(new CommandError("Stopped."));
  process.exitCode = await run(args, { terminal: terminal(), signal });
}

/**
 * Runs the command and returns its exit code.
 * @param trySeedRange tries the seeds.
 */
export async function run(
  args: readonly string[],
  context: CommandContext,
  trySeedRange = trySeeds,
): Promise<number> {
  try {
    const options = readOptions(args, Date.now());
    if (!options.help) return await simulateSeeds(options, context, trySeedRange);
    context.terminal.print(wrappedFor(HELP));
    return 0;
  } catch (error) {
    const { message, stack = message } = error as Error;
    context.terminal.fail(error instanceof CommandError ? message : stack);
    return 2;
  }
}

async function simulateSeeds(
  { from, count }: SimulateOptions,
  { terminal: { print, progress }, signal }: CommandContext,
  trySeedRange: typeof trySeeds,
): Promise<number> {
  const started = Date.now();
  print(count === 1 ? `Seed ${from}.` : `Seeds ${from} to ${from + count - 1}.`);
  const onProgress = (done: number): void => progress(progressText(done, count, Date.now() - started));
  const failure = await trySeedRange({ from, count, workers: availableParallelism(), onProgress, signal });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const schedules = count === 1 ? "1 schedule" : `${count} schedules`;
  print(failure ? describeFailure(failure) : `${schedules} in ${seconds} s: every guarantee held.`);
  return failure ? 1 : 0;
}

function progressText(done: number, count: number, milliseconds: number): string {
  const perSecond = done / (milliseconds / 1000);
  const left = Math.ceil((count - done) / perSecond);
  return `${done} of ${count} schedules, ${Math.round(perSecond)} a second, ${left} s left`;
}
