import { plainLine } from "../../command-line/terminal-text";
import type { CommandContext } from "../cli/command";

/** Result of one check that must pass before service returns to the primary. */
export interface Gate {
  /** Condition, such as `reconcile finds no differences`. */
  readonly name: string;
  readonly ok: boolean;
  /** Measured value, or the reason why nothing could be measured. */
  readonly figure: string;
}

/** Formats a gate as one line of output. */
export function formatGate({ name, ok, figure }: Gate): string {
  return plainLine(`${ok ? "ok    " : "NOT OK"}  ${name}: ${figure}`);
}

/**
 * Checks gates one after the other and prints each.
 * @param last checked when all others are open, because they may have taken minutes; printed only when it is closed.
 * @returns whether all are open.
 */
export async function allOpen(
  gates: readonly (() => Promise<Gate>)[],
  last: () => Promise<Gate>,
  { terminal, signal }: Pick<CommandContext, "terminal" | "signal">,
): Promise<boolean> {
  let open = true;
  for (const check of gates) {
    const gate = await check();
    signal.throwIfAborted();
    terminal.print(formatGate(gate));
    open &&= gate.ok;
  }
  if (!open) return false;
  const gate = await last();
  signal.throwIfAborted();
  if (!gate.ok) terminal.print(formatGate(gate));
  return gate.ok;
}
