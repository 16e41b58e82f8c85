import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { CommandError } from "../../command-line/command-error";
import type { CommandContext } from "../cli/command";
import { environmentOf, knownProblem } from "../cli/pulumi-command-line";
import type { TeardownTarget } from "./target";

/** The backend refuses a second run of a stack: its own files, or Pulumi Cloud. */
const LOCKED = /stack is currently locked|Another update is currently in progress/;

/** First line of a run that has locked the stack. */
const HOLDS_LOCK = /^(Previewing destroy|Destroying) /;

/** First line after the preview. */
const CHANGES = /^Destroying /;

/** Failed command of the Pulumi CLI whose output has been printed. */
export class PulumiFailure extends CommandError {}

/**
 * Runs a command of the Pulumi CLI that changes the stack, and prints its output. When the operator stops the teardown, the CLI
 * completes the operations in flight, as after one Ctrl-C.
 * @param input text for standard input; none by default.
 * @throws CommandError for a failure that the operator can fix, `PulumiFailure` for any other, or if the operator stopped it.
 */
export async function runPulumi(
  { stack, place }: TeardownTarget,
  args: readonly string[],
  { terminal, signal }: CommandContext,
  input?: string,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never", "--stack", stack], {
    cwd: place.directory,
    env: environmentOf(place),
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C at the terminal must reach the CLI once, since the second one ends it at once.
    detached: true,
  });
  const interrupt = (): void => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt);
  const errors: string[] = [];
  let holdsLock = false;
  try {
    const print = (line: string): void => {
      errors.push(line);
      holdsLock ||= HOLDS_LOCK.test(line);
      // The CLI counts a Ctrl-C that it receives at the end of the preview for the preview alone, and continues.
      if (signal.aborted && CHANGES.test(line)) interrupt();
      terminal.print(line);
    };
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on("line", print);
    // A CLI that ends before it has read everything closes the pipe. Its exit code and its messages say why it ended.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    const code = await new Promise<number | string | null>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
      child.once("close", resolve);
    });
    if (code === 0) return;
    // Until the CLI handles the signal, which it does late in its start, the signal ends it with the stack locked.
    if (child.signalCode !== null && holdsLock) await releaseLock({ stack, place });
    signal.throwIfAborted();
    const text = errors.join("\n");
    if (LOCKED.test(text))
      throw new CommandError(
        `Another run of Pulumi has locked the stack ${stack}, or one was killed. If none is running, release the lock with ` +
          `pulumi cancel --stack ${stack}, then run this command again.`,
      );
    const problem = knownProblem(stack, code, text);
    if (problem !== undefined) throw new CommandError(problem);
    throw new PulumiFailure(`pulumi ${args[0]} failed with exit code ${code}; its messages are above.`);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** Releases the lock of a run of this process that has ended. */
async function releaseLock({ stack, place }: Pick<TeardownTarget, "stack" | "place">): Promise<void> {
  const options = { cwd: place.directory, env: environmentOf(place) };
  // If it fails, the next run reports the lock, with this command.
  await promisify(execFile)(
    "pulumi",
    ["cancel", "--yes", "--non-interactive", "--stack", stack],
    options,
  ).catch(() => undefined);
}
