import { join, resolve } from "node:path";
import { jsonLine } from "../command-line/terminal-text";
import { fitted, wrappedFor } from "../command-line/terminal";
import { addressTable } from "./addresses";
import type { LocalCloud } from "./cloud";
import { terminalLog } from "./terminal-log";
import { CommandLine, HELP, readCommandLine } from "./options";
import { keepFilesPrivate } from "./aws/private-files";
import { checkTypes } from "./type-check";
import { stopRequest } from "../command-line/stop-request";

/** A stop that takes longer than this, in milliseconds, is not waited for. */
const STOP_MS = 10_000;

/**
 * The command `npm start`: starts the local cloud, prints where everything is, and stays up until it is stopped.
 * @param args the command line without the program's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const commandLine = fromAnyFolder(readCommandLine(args));
    if (commandLine.help) writeTo(process.stdout)(wrappedFor(HELP));
    else await run(commandLine);
  } catch (error) {
    writeTo(process.stderr)((error as Error).message);
    // What a start that failed was still doing is of no use any more, and must not keep the process alive.
    process.exit(1);
  }
}

async function run(commandLine: CommandLine): Promise<void> {
  if (commandLine.data !== undefined) keepFilesPrivate();
  // With --json standard output carries the addresses alone.
  const say = writeTo(commandLine.json ? process.stderr : process.stdout);
  // Everything is loaded only now, so that --help and a wrong option are answered at once.
  const { LocalCloud } = await import("./cloud");
  const stop = stopRequest();
  stop.addEventListener("abort", () => {
    say("Stopping …");
    setTimeout(() => {
      say(`Not everything stopped within ${STOP_MS / 1000} s. Exiting anyway.`);
      process.exit(1);
    }, STOP_MS).unref();
  });
  const listener = {
    log: commandLine.json
      ? (source: string, line: string) => say(`${source}: ${line}`)
      : terminalLog((line) => say(line)),
    progress: say,
  };
  const cloud = await unlessStopped(stop, () => LocalCloud.start(commandLine, listener, stop));
  if (cloud) await serve(cloud, commandLine, stop);
  say("Stopped.");
  process.exit(0);

  async function serve(running: LocalCloud, { json, types }: CommandLine, until: AbortSignal): Promise<void> {
    writeTo(process.stdout)(json ? jsonLine(running.addresses) : addressTable(running.addresses));
    const apis = Object.values(running.addresses.regions).map(({ api }) => api);
    const checked = types ? checkTypes({ apis, report: say, stop: until }) : undefined;
    await aborted(until);
    await Promise.all([running.close(), checked]);
  }
}

/**
 * Makes the current folder the project's, because Pulumi reads packages and archives relative to it. A path of the command
 * line stays relative to the folder that the command was started in.
 */
function fromAnyFolder(commandLine: CommandLine): CommandLine {
  const { data } = commandLine;
  const absolute = { ...commandLine, data: data === undefined ? undefined : resolve(data) };
  process.chdir(join(__dirname, ".."));
  return absolute;
}

/** A writer of lines; what functions, tables and errors say is written as plain text. */
function writeTo(stream: NodeJS.WriteStream): (text: string) => void {
  return (text) => void stream.write(`${fitted(text, stream)}\n`);
}

/** Starts something; undefined when it did not get ready because it was asked to stop. */
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
