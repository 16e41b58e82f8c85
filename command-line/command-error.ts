import { plainLine } from "./terminal-text";

/** Why a command cannot do its work, in one sentence for the operator; it ends with exit code 2. */
export class CommandError extends Error {}

/** An error's name and message in a few words, for the end of a sentence. */
export function reasonOf(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string };
  const text = message || code || "";
  return plainLine(name && name !== "Error" ? `${name}: ${text}` : text);
}
