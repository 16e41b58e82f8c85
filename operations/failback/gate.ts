import { plainLine } from "../../command-line/terminal-text";

/** What must hold before service returns, and whether it does. */
export interface Gate {
  /** What must hold, in few words. */
  readonly name: string;
  readonly ok: boolean;
  /** What was measured. */
  readonly figure: string;
}

/** The line of a gate. */
export function formatGate({ name, ok, figure }: Gate): string {
  return plainLine(`${ok ? "ok    " : "NOT OK"}  ${name}: ${figure}`);
}
