import { join } from "node:path";
import { onClosedOutput } from "../../command-line/stop-request";
import { wrappedFor } from "../../command-line/terminal";
import { EngineError } from "../pulumi/engine/engine-error";
import { pulumiProblem } from "../pulumi/engine/pulumi-cli";
import { serveLocalCloud, writeTo } from "../serve";
import { findAccount } from "./attach";
import type { EngineAccount } from "./engine-account";
import { HELP, readEngineCommandLine, type EngineCommandLine } from "./options";

/**
 * Runs the command `npm run local:pulumi`: a command of the Pulumi engine against a running local cloud, or an `up` that starts one.
 * @param args name and options of the command.
 */
export async function main(args: readonly string[]): Promise<void> {
  // Before a command runs nothing is to be stopped, and then it has a listener of its own.
  onClosedOutput(() => undefined);
  try {
    const commandLine = readEngineCommandLine(args);
    if (commandLine) await run(commandLine);
    else writeTo(process.stdout)(wrappedFor(HELP));
  } catch (error) {
    // Pulumi has printed its own errors.
    const isPrinted = error instanceof EngineError;
    const { message } = error as Error;
    writeTo(process.stderr)(isPrinted ? failureText(args[0]) : message);
    // Pending work of a failed start must not keep the process alive.
    process.exit(1);
  }
}

/** Returns what to read, and for a destroy what to do: the hint of Pulumi would change a state that the user cannot reach. */
function failureText(command: string): string {
  const remedy =
    command === "destroy"
      ? " If they name protected resources, set tickets:protectData to false in the stack's file, run up, then destroy again."
      : "";
  return `The ${command} failed. The messages of Pulumi are above.${remedy}`;
}

async function run(commandLine: EngineCommandLine): Promise<void> {
  const problem = pulumiProblem();
  if (problem !== undefined) throw new Error(problem);
  // Pulumi resolves packages and archives against the current folder.
  process.chdir(join(__dirname, "..", ".."));
  const account = await findAccount(commandLine);
  if (account) return attach(commandLine, account);
  const { command, cloud } = commandLine;
  if (command !== "up")
    throw new Error(
      `No local cloud runs at port ${cloud.port}, so there is nothing to ${command}. Start one with: ` +
        `npm run local:pulumi -- up --stack ${cloud.stack}. Or give the port of its console with --port.`,
    );
  const { deployWithEngine } = await import("./deploy-with-engine");
  await serveLocalCloud(cloud, deployWithEngine(outputOptions(commandLine)));
}

async function attach(commandLine: EngineCommandLine, account: EngineAccount): Promise<void> {
  const { runAttached } = await import("./run-attached");
  // A terminal sends Ctrl-C to the CLI too, which then completes the operations in flight. This process waits for it.
  process.on("SIGINT", () => undefined);
  const stop = new AbortController();
  const abort = (): void => stop.abort(new Error("Stopped."));
  process.once("SIGTERM", abort);
  onClosedOutput(abort);
  await runAttached(commandLine, account, { ...outputOptions(commandLine), signal: stop.signal });
  process.exit(0);
}

/** The CLI's output goes to the terminal unchanged. */
function outputOptions({ cloud, diff, target, exclude }: EngineCommandLine): {
  readonly onOutput: (text: string) => void;
  readonly color: "always" | "never";
  readonly diff: boolean;
  readonly target: string[];
  readonly exclude: string[];
} {
  const stream = cloud.json ? process.stderr : process.stdout;
  return {
    onOutput: (text) => void stream.write(text),
    color: stream.isTTY && !process.env.NO_COLOR ? "always" : "never",
    diff,
    target: [...target],
    exclude: [...exclude],
  };
}
