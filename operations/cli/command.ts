import type { Terminal } from "../../command-line/terminal";

/** Terminal and stop signal of a command. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted when the operator stops the command. */
  readonly signal: AbortSignal;
}

/** Command that takes its options and returns its exit code. @throws CommandError for exit code 2. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;
