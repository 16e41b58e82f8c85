import { stopRequest } from "../command-line/stop-request";
import { CommandError } from "../command-line/command-error";
import type { Command, CommandContext } from "./cli/command";
import { terminal } from "../command-line/terminal";

/** Loads a command by its name: each one has AWS clients that the others do not need, and an operator in an outage does not wait for them. */
const COMMANDS: Readonly<Record<string, (() => Promise<Command>) | undefined>> = {
  drill: async () =>
    (await import("./drill/command")).drillCommand({
      takeover: (await import("./takeover/command")).takeoverCommand,
      failback: (await import("./failback/command")).failbackCommand,
    }),
  status: async () => (await import("./status/command")).statusCommand,
  takeover: async () => (await import("./takeover/command")).takeoverCommand,
  failback: async () => (await import("./failback/command")).failbackCommand,
  redrive: async () => (await import("./redrive/command")).redriveCommand,
  reconcile: async () => (await import("./reconcile/command")).reconcileCommand,
  preflight: async () => (await import("./preflight/command")).preflightCommand,
  smoke: async () => (await import("./smoke/command")).smokeCommand,
  teardown: async () => (await import("./teardown/command")).teardownCommand,
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
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!load) {
      const what =
        name === undefined ? "No command was given" : `The command ${JSON.stringify(name)} does not exist`;
      throw new CommandError(`${what}; the commands are ${Object.keys(COMMANDS).join(", ")}.`);
    }
    const command = await load();
    return await command(args, context);
  } catch (error) {
    const { message, stack = message } = error as Error;
    context.terminal.fail(error instanceof CommandError ? message : stack);
    return 2;
  }
}
