import type { ParseArgsConfig } from "node:util";

/**
 * Joins an option and a negative number behind it with an equals sign. `parseArgs` would call `--minutes -1` ambiguous, although
 * no option of this project looks like a number; the range check says what is wrong with it.
 */
export function withNegativeNumbers(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1)?.replace(/^--/, "") ?? "";
    if (/^-\.?\d/.test(arg) && joined.at(-1) === `--${option}` && options[option]?.type === "string")
      joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}
