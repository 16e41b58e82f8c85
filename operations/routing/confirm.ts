import { createInterface } from "node:readline/promises";
import { isSameStack, isStackName } from "../../command-line/stack-name";
import { CommandError } from "../../command-line/command-error";

/** Asks a question and gives what was typed; undefined when there is nobody to ask. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string | undefined>;

/** Asks whoever sits at this process's terminal. */
const askAtTerminal: Ask = async (question, signal) => {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } catch {
    // Ctrl-C or Ctrl-D is an answer, too.
    return "";
  } finally {
    lines.close();
  }
};

/**
 * Has somebody type the stack's name before anything is changed.
 * @param warning what is about to happen.
 * @throws CommandError when something else was typed, or there is nobody to ask.
 */
export async function confirmStack(
  stack: string,
  warning: string,
  signal: AbortSignal,
  ask: Ask = askAtTerminal,
): Promise<void> {
  const answer = await ask(`${warning}\nType the stack name, ${stack}, to continue: `, signal);
  if (answer === undefined)
    throw new CommandError("There is no terminal to confirm at; use --yes to continue without confirmation.");
  const typed = answer.trim();
  if (!isStackName(typed) || !isSameStack(typed, stack))
    throw new CommandError("The stack name was not confirmed. Nothing was changed.");
}
