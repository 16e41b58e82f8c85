import type { Terminal } from "../../command-line/terminal";

/** What a command is given besides its options. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted when the operator wants the command to stop. */
  readonly signal: AbortSignal;
}

/** A command: takes its options and gives its exit code. @throws CommandError for exit code 2. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;
