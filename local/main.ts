import { join, resolve } from "node:path";
import { onClosedOutput } from "../command-line/stop-request";
import { wrappedFor } from "../command-line/terminal";
import { CommandLine, HELP, readCommandLine } from "./options";
import { keepFilesPrivate } from "./aws/private-files";
import { serveLocalCloud, writeTo } from "./serve";

/**
 * Runs the command `npm start`: starts the local cloud, prints its addresses and serves until it is stopped.
 * @param args the arguments of the command.
 */
export async function main(args: readonly string[]): Promise<void> {
  // Before the local cloud starts nothing is to be stopped, and then it has a listener of its own.
  onClosedOutput(() => undefined);
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
  await serveLocalCloud(commandLine);
}

/**
 * Changes the current folder to the project's, because Pulumi resolves packages and archives against it. A relative path of
 * the command line is resolved against the folder in which the command was started.
 */
function fromAnyFolder(commandLine: CommandLine): CommandLine {
  const { data, iamLog } = commandLine;
  const absolute = {
    ...commandLine,
    data: data === undefined ? undefined : resolve(data),
    iamLog: iamLog === undefined ? undefined : resolve(iamLog),
  };
  process.chdir(join(__dirname, ".."));
  return absolute;
}
