import { CommandError } from "../../command-line/command-error";
import type { Command } from "../cli/command";
import { terminal } from "../../command-line/terminal";
import type { CommandOutcome } from "./system";

/** Runs another operator's command in this process and gives what it wrote. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandOutcome> {
  let text = "";
  const output = { write: (part: string) => (text += part) };
  try {
    const code = await command(args, { terminal: terminal(output, output), signal });
    return { code, text };
  } catch (error) {
    if (error instanceof CommandError) return { code: 2, text: `${text}${error.message}` };
    throw error;
  }
}
