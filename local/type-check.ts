import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const PROJECT_DIRECTORY = join(__dirname, "..");
/** Interval between health requests and their time limit, in milliseconds. */
const HEALTH_INTERVAL_MS = 250;
const HEALTH_TIMEOUT_MS = 5000;

/** Inputs of a type check. */
export interface TypeCheckOptions {
  /** Base URLs of the regions' APIs. The check starts when all of them are healthy. */
  readonly apis: readonly string[];
  /** Receives each error of the compiler, then their number; not called without errors. */
  readonly report: (line: string) => void;
  /** Aborts the check, or the wait for healthy regions. */
  readonly stop: AbortSignal;
  /** Configuration file of the compiler; by default the one of the Pulumi program and everything that it imports. */
  readonly project?: string;
}

/**
 * Checks the types of the Pulumi program in a separate process of low priority, because the check takes longer than the whole
 * start. The local cloud does not need it: its loader only removes the types.
 * Resolves when the process has ended. The process never outlives this one.
 */
export async function checkTypes({ apis, report, stop, project }: TypeCheckOptions): Promise<void> {
  for (const api of apis) await untilHealthy(api, stop);
  if (stop.aborted) return;
  const configuration = project ?? join(PROJECT_DIRECTORY, "tsconfig.program.json");
  const compiler = require.resolve("typescript/lib/tsc.js");
  const args = [compiler, "--noEmit", "--pretty", "false", "--project", configuration];
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_DIRECTORY,
    stdio: ["ignore", "pipe", "inherit"],
    // TypeScript enables the compile cache of Node.js 22 and newer, which would leave files in the temporary directory.
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

/** Resolves when a region's API is healthy or the signal is aborted. */
async function untilHealthy(api: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted && !(await isHealthy(api, stop)))
    await sleep(HEALTH_INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
}

async function isHealthy(api: string, stop: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(HEALTH_TIMEOUT_MS)]);
    const response = await fetch(`${api}/health`, { signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // The region does not respond yet, or the local cloud is stopping.
    return false;
  }
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The system does not allow it, or the process has ended.
  }
}
