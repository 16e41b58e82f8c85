import { userInfo } from "node:os";
import type { RoutingEvent } from "../../functions/routing/routing-item";
import { jsonLine } from "../../command-line/terminal-text";
import { CommandError } from "../../command-line/command-error";

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
