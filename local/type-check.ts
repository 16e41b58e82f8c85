import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const PROJECT_DIRECTORY = join(__dirname, "..");
/** How often a region that is not healthy is asked again, and how long an answer may take, in milliseconds. */
const ASK_EVERY_MS = 250;
const ANSWER_MS = 5000;

/** What a check of the types needs. */
export interface TypeCheckOptions {
  /** Base URLs of the regions' APIs: the check starts once each of them is healthy. */
  readonly apis: readonly string[];
  /** Receives each error as TypeScript words it, and then how many there are; nothing when there are none. */
  readonly report: (line: string) => void;
  /** Ends the check, or the wait for it. */
  readonly stop: AbortSignal;
  /** The compiler's configuration file; by default that of the Pulumi program and everything it imports. */
  readonly project?: string;
}

/**
 * Checks the types of the Pulumi program in a process of its own with a low priority, because that takes longer than the whole
 * start. The local cloud itself runs without: its loader only removes the types.
 * Resolves when the process has ended; it never outlives this one.
 */
export async function checkTypes({ apis, report, stop, project }: TypeCheckOptions): Promise<void> {
  for (const api of apis) await healthy(api, stop);
  if (stop.aborted) return;
  const configuration = project ?? join(PROJECT_DIRECTORY, "tsconfig.program.json");
  const compiler = require.resolve("typescript/lib/tsc.js");
  const args = [compiler, "--noEmit", "--pretty", "false", "--project", configuration];
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_DIRECTORY,
    stdio: ["ignore", "pipe", "inherit"],
    // Node.js 22 and newer would leave what it compiled in the folder for temporary files.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  stop.addEventListener("abort", kill);
  lowerPriority(child.pid);
  let errors = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (stop.aborted) return;
    if (/\berror TS\d+: /.test(line)) errors++;
    report(line);
  });
  const failure = await new Promise<Error | undefined>((resolve) =>
    child.once("error", resolve).once("close", () => resolve(undefined)),
  );
  process.off("exit", kill);
  stop.removeEventListener("abort", kill);
  if (failure) report(`The type check could not run: ${failure.message}`);
  if (errors > 0 && !stop.aborted)
    report(
      `The program has ${errors} type error${errors === 1 ? "" : "s"}. It runs, but pulumi up rejects it.`,
    );
}

/** Resolves when a region's API reports that it is healthy, or the signal is aborted. */
async function healthy(api: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted && !(await isHealthy(api, stop)))
    await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
}

async function isHealthy(api: string, stop: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]);
    const response = await fetch(`${api}/health`, { signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // The region does not answer yet, or the local cloud stops.
    return false;
  }
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The system may not allow it, or the process has ended.
  }
}
