import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CommandError } from "../../../command-line/command-error";
import type { Addresses } from "../../../local/addresses";
import { askConsole, localState } from "../../cli/local-cloud";
import { deployedSystem, type DrillOperations } from "./deployed-system";
import type { DrillSystem } from "./drill-system";
import { checkChanges } from "./route53-checks";

const PROJECT_DIRECTORY = join(__dirname, "..", "..", "..");
/** Time limit for a start, in milliseconds. */
const START_MS = 120_000;
/** Time limit for a stop, in milliseconds. The process is killed afterwards. */
const STOP_MS = 15_000;

/** A local cloud started for one drill. */
export interface TemporaryCloud {
  readonly consoleUrl: string;
  /** Stops it as Ctrl-C does. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Drill system for a running local cloud.
 * @param consoleUrl URL of the console, such as `http://localhost:4700`.
 * @throws CommandError when no local cloud responds there, it runs another stack, or it has no domain.
 */
export async function localSystem(
  consoleUrl: string,
  stack: string | undefined,
  operations: DrillOperations,
  signal: AbortSignal,
): Promise<DrillSystem> {
  const { domain, deployment, ...system } = await deployedSystem(
    { local: consoleUrl, stack },
    operations,
    signal,
  );
  const { urls = {}, ca } = deployment.naming.local ?? {};
  return {
    ...system,
    environment: "the local cloud",
    failoverUrl: urls[`api.${domain}`],
    ca,
    probeMachine: async () => (await askConsole(consoleUrl, `/regions/${system.primary.name}`)).text(),
    async checkChanges(since) {
      const { events } = await localState(consoleUrl);
      return checkChanges(events, [system.primary.name, system.secondary.name], since);
    },
    async setState(region, state) {
      const headers = { "content-type": "application/json" };
      const change = { method: "POST", headers, body: JSON.stringify({ state }) };
      await askConsole(consoleUrl, `/regions/${region}`, change);
    },
  };
}

/**
 * Starts a local cloud on free ports.
 * @param stack stack whose configuration file is used.
 * @throws CommandError with its error output when it does not start. Rejects with the signal's reason when that is aborted.
 */
export async function startTemporaryCloud(
  stack: string,
  speed: number,
  signal: AbortSignal,
): Promise<TemporaryCloud> {
  const args = ["--json", "--no-types", "--port", "0", "--stack", stack, "--speed", String(speed)];
  const child = spawn(process.execPath, [join("local", "start.js"), ...args], {
    cwd: PROJECT_DIRECTORY,
    stdio: ["ignore", "pipe", "pipe"],
    // Detached, so that Ctrl-C in the terminal reaches the drill only, which repairs and stops the local cloud itself.
    detached: true,
  });
  const killOnExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killOnExit);
  const stop = async (): Promise<void> => {
    process.off("exit", killOnExit);
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
