import { jsonLine } from "../command-line/terminal-text";
import { fitted } from "../command-line/terminal";
import { stopRequest } from "../command-line/stop-request";
import { addressTable } from "./addresses";
import type { Deploy, LocalCloud } from "./cloud";
import { trimMemoryWhenIdle } from "./memory";
import type { CommandLine } from "./options";
import { terminalLog } from "./terminal-log";
import { checkTypes } from "./type-check";

/** Time limit for a stop, in milliseconds. After it the process exits anyway. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts a local cloud, prints its addresses, serves until the process is told to stop, and ends the process.
 * @param deploy how to deploy the program; see `LocalCloud.start`.
 * @throws Error that states why the local cloud could not start.
 */
export async function serveLocalCloud(commandLine: CommandLine, deploy?: Deploy): Promise<void> {
  // With --json only the addresses go to standard output.
  const report = writeTo(commandLine.json ? process.stderr : process.stdout);
  // Loaded only now, so that --help and a wrong option respond at once.
  const { LocalCloud } = await import("./cloud");
  const stop = stopRequest();
  stop.addEventListener("abort", () => {
    report("Stopping …");
    setTimeout(() => {
      report(`Not everything stopped within ${STOP_TIMEOUT_MS / 1000} s. Exiting anyway.`);
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
  });
  const listener = {
    log: commandLine.json
      ? (source: string, line: string) => report(`${source}: ${line}`)
      : terminalLog(report),
    progress: report,
  };
  const cloud = await unlessStopped(stop, () => LocalCloud.start(commandLine, listener, stop, deploy));
  if (cloud) await serve(cloud, commandLine, stop);
  report("Stopped.");
  process.exit(0);

  async function serve(running: LocalCloud, { json, types }: CommandLine, until: AbortSignal): Promise<void> {
    writeTo(process.stdout)(json ? jsonLine(running.addresses) : addressTable(running.addresses));
    if (commandLine.inspect) report(debuggerHint(running.addresses.console));
    trimMemoryWhenIdle();
    const apis = Object.values(running.addresses.regions).map(({ api }) => api);
    const checked = types ? checkTypes({ apis, report, stop: until }) : undefined;
    await aborted(until);
    await Promise.all([running.close(), checked]);
  }
}

/** Text that tells how a debugger is opened. */
function debuggerHint(console: string): string {
  return (
    `To open the debugger of a function, run npm run debugger -- NAME --console ${console}. ` +
    `${console}/functions lists the names, such as ireland-api-get.`
  );
}

/** Returns a function that writes text to a stream, without control characters and wrapped to the terminal. */
export function writeTo(stream: NodeJS.WriteStream): (text: string) => void {
  return (text) => void stream.write(`${fitted(text, stream)}\n`);
}

/** Returns the result of a start; undefined when it was aborted by `stop`. */
async function unlessStopped<T>(stop: AbortSignal, start: () => Promise<T>): Promise<T | undefined> {
  try {
    return await start();
  } catch (error) {
    if (error === stop.reason) return undefined;
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
