import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Addresses } from "../../local/addresses";
import { CommandError } from "../../command-line/command-error";

const PROJECT_DIRECTORY = join(__dirname, "..", "..");
/** How long a start may take, in milliseconds. */
const START_MS = 120_000;
/** A cloud that was asked to stop is killed after so long, in milliseconds. */
const STOP_MS = 15_000;

/** A local cloud that was started for one drill. */
export interface OwnCloud {
  readonly consoleUrl: string;
  /** Stops it as Ctrl-C does. Does nothing the second time. */
  stop(): Promise<void>;
}

/**
 * Starts a local cloud on free ports.
 * @param stack whose file is used.
 * @throws CommandError with what it said when it does not start, or the signal is aborted.
 */
export async function startOwnCloud(stack: string, speed: number, signal: AbortSignal): Promise<OwnCloud> {
  const args = ["--json", "--no-types", "--port", "0", "--stack", stack, "--speed", String(speed)];
  const child = spawn(process.execPath, [join("local", "start.js"), ...args], {
    cwd: PROJECT_DIRECTORY,
    stdio: ["ignore", "pipe", "pipe"],
    // A Ctrl-C of the terminal is for the drill, which mends and stops the cloud itself.
    detached: true,
  });
  const endWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const stop = async (): Promise<void> => {
    process.off("exit", endWithUs);
    await stopped(child);
  };
  try {
    return { consoleUrl: (await firstLine(child, signal)).console, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<Addresses> {
  const errors: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => {
    errors.push(line);
    errors.splice(0, errors.length - 20);
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_MS)]);
  try {
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout! }), "line", { signal: limit }),
      once(child, "exit", { signal: limit }).then(() => Promise.reject(new Error("it exited"))),
    ])) as [string];
    return JSON.parse(line) as Addresses;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new CommandError(
      `The local cloud did not start: ${errors.join("\n") || (error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exit;
  clearTimeout(timer);
}
