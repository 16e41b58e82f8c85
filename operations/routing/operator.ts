import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import { CommandError } from "../../command-line/command-error";
import { isSameStack, isStackName } from "../../command-line/stack-name";
import { jsonLine } from "../../command-line/terminal-text";
import type { RoutingEvent } from "../../functions/routing/routing-item";

/** Returns `operator NAME` for the record of a change: the user's name, or the user id if it has no name. */
export function operatorName(
  environment: NodeJS.ProcessEnv = process.env,
  account: () => { readonly username: string } = userInfo,
): string {
  const { SUDO_USER, USER } = environment;
  return `operator ${SUDO_USER || USER || accountName(account)}`;
}

/** A container often runs under a user id that is not in its /etc/passwd. A takeover must not fail because of that. */
function accountName(account: () => { readonly username: string }): string {
  try {
    return account().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** Formats a change of routing as one line of JSON, for logs. */
export function eventLine(
  { what, ...event }: RoutingEvent,
  where: { readonly stack: string; readonly region: string },
): string {
  return jsonLine({ timestamp: event.at, event: what, ...where, ...event });
}

/** Returns the value of an option that states a reason. @throws CommandError when it is missing or empty. */
export function reasonIn(option: string, text: unknown): string {
  const reason = typeof text === "string" ? text.trim() : "";
  if (reason !== "") return reason;
  throw new CommandError(`${option} "…" needs a reason; it is recorded with the operator and the time.`);
}

/** Asks a question and returns the input; undefined without a terminal. */
type Ask = (question: string, signal: AbortSignal) => Promise<string | undefined>;

const askAtTerminal: Ask = async (question, signal) => {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } catch {
    // Ctrl-C and Ctrl-D count as an empty answer.
    return "";
  } finally {
    lines.close();
  }
};

/**
 * Asks the operator to confirm a change by typing the name of the stack.
 * @param warning describes the change.
 * @throws CommandError when the input is not the name, or there is no terminal.
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
