import { join, resolve } from "node:path";
import { jsonLine } from "../command-line/terminal-text";
import { fitted, wrappedFor } from "../command-line/terminal";
import { addressTable } from "./addresses";
import type { LocalCloud } from "./cloud";
import { trimMemoryWhenIdle } from "./memory";
import { terminalLog } from "./terminal-log";
import { CommandLine, HELP, readCommandLine } from "./options";
import { keepFilesPrivate } from "./aws/private-files";
import { checkTypes } from "./type-check";
import { stopRequest } from "../command-line/stop-request";

/** Time limit for a stop, in milliseconds. After it the process exits anyway. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Runs the command `npm start`: starts the local cloud, prints its addresses and serves until it is stopped.
 * @param args the arguments of the command.
 */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const commandLine = fromAnyFolder(readCommandLine(args));
    if (commandLine.help) writeTo(process.stdout)(wrappedFor(HELP));
    else await run(commandLine);
  } catch (error) {
    writeTo(process.stderr)((error as Error).message);
    // Pending work of a failed start must not keep the process alive.
    process.exit(1);
  }
}

async function run(commandLine: CommandLine): Promise<void> {
  if (commandLine.data !== undefined) keepFilesPrivate();
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
  const cloud = await unlessStopped(stop, () => LocalCloud.start(commandLine, listener, stop));
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
    `Debuggers: open the one of a function with npm run debugger -- NAME --console ${console}. ` +
    `${console}/functions lists the names, such as ireland-api-get.`
  );
}

/**
 * Changes the current folder to the project's, because Pulumi resolves packages and archives against it. A relative path of
 * the command line is resolved against the folder in which the command was started.
 */
function fromAnyFolder(commandLine: CommandLine): CommandLine {
  const { data } = commandLine;
  const absolute = { ...commandLine, data: data === undefined ? undefined : resolve(data) };
  process.chdir(join(__dirname, ".."));
  return absolute;
}

/** Returns a function that writes text to a stream, without control characters and wrapped to the terminal. */
function writeTo(stream: NodeJS.WriteStream): (text: string) => void {
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
