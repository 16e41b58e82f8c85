import { stopRequest } from "../command-line/stop-request";
import { CommandError } from "../command-line/command-error";
import type { Command, CommandContext } from "./cli/command";
import { drillCommand } from "./drill/command";
import { failbackCommand } from "./failback/command";
import { preflightCommand } from "./preflight/command";
import { reconcileCommand } from "./reconcile/command";
import { redriveCommand } from "./redrive/command";
import { smokeCommand } from "./smoke/command";
import { statusCommand } from "./status/command";
import { takeoverCommand } from "./takeover/command";
import { teardownCommand } from "./teardown/command";
import { terminal } from "../command-line/terminal";

const COMMANDS: Readonly<Record<string, Command | undefined>> = {
  drill: drillCommand({ takeover: takeoverCommand, failback: failbackCommand }),
  status: statusCommand,
  takeover: takeoverCommand,
  failback: failbackCommand,
  redrive: redriveCommand,
  reconcile: reconcileCommand,
  preflight: preflightCommand,
  smoke: smokeCommand,
  teardown: teardownCommand,
};

/**
 * Runs an operator command from the shell and sets the exit code. The first Ctrl-C or a lost connection stops the command
 * cleanly; a second Ctrl-C ends it immediately.
 * @param args name and options of the command.
 */
export async function main(args: readonly string[]): Promise<void> {
  const signal = stopRequest(new CommandError("Stopped."));
  process.exitCode = await run(args, { terminal: terminal(), signal });
}

/** Runs a command and returns its exit code: 2, with the reason on the terminal, if the command failed. */
export async function run([name, ...args]: readonly string[], context: CommandContext): Promise<number> {
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) {
      const what =
        name === undefined ? "No command was given" : `The command ${JSON.stringify(name)} does not exist`;
      throw new CommandError(`${what}; the commands are ${Object.keys(COMMANDS).join(", ")}.`);
    }
    return await command(args, context);
  } catch (error) {
    const { message, stack = message } = error as Error;
    context.terminal.fail(error instanceof CommandError ? message : stack);
    return 2;
  }
}
