import { plainLine } from "./terminal-text";

/** Error that ends a command with exit code 2. Its message is one sentence for the operator. */
export class CommandError extends Error {}

/** Returns the name and message of an error as one line, for the end of a sentence. */
export function reasonOf(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string };
  const text = message || code || "";
  return plainLine(name && name !== "Error" ? `${name}: ${text}` : text);
}
