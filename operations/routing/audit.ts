import { userInfo } from "node:os";
import type { RoutingEvent } from "../../functions/routing/routing-item";
import { jsonLine } from "../../command-line/terminal-text";
import { CommandError } from "../../command-line/command-error";
import { createInterface } from "node:readline/promises";
import { isSameStack, isStackName } from "../../command-line/stack-name";

/** Who runs the command, for the record: `operator NAME` by the name on this machine, or the user's number if it has none. */
export function operatorName(
  environment: NodeJS.ProcessEnv = process.env,
  account: () => { readonly username: string } = userInfo,
): string {
  const { SUDO_USER, USER } = environment;
  return `operator ${SUDO_USER || USER || accountName(account)}`;
}

/** A container often runs under a number that its /etc/passwd does not know; a takeover must not fail for that. */
function accountName(account: () => { readonly username: string }): string {
  try {
    return account().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** A change of routing as one line of JSON, for logs and for whoever reads them by machine. */
export function eventLine(
  { what, ...event }: RoutingEvent,
  where: { readonly stack: string; readonly region: string },
): string {
  return jsonLine({ timestamp: event.at, event: what, ...where, ...event });
}

/** The text of an option that says why. @throws CommandError when it is missing or empty. */
export function reasonIn(option: string, text: unknown): string {
  const reason = typeof text === "string" ? text.trim() : "";
  if (reason !== "") return reason;
  throw new CommandError(`${option} "…" needs a reason; it is recorded with the operator and the time.`);
}

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
