import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../../../local/services";

/** Returns the text of a section of the runbook. @throws Error if there is none. */
export function runbookSection(heading: string): string {
  const text = readFileSync(join(PROJECT_DIRECTORY, "docs/runbook.md"), "utf8");
  const sections = text.split(/^#{2,3} /m);
  const found = sections.find((section) => section.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`docs/runbook.md has no section ${heading}.`);
  return found;
}

/** Returns the lines of the shell commands in a section. */
export function runbookCommands(heading: string): string[] {
  const blocks = [...runbookSection(heading).matchAll(/^```sh\n([^]*?)^```/gm)];
  return blocks.flatMap(([, lines]) => lines.trim().split("\n"));
}

/** Returns the values of an option in a text, each in single quotes, such as those of `--exclude`. */
export function optionValues(text: string, option: string): string[] {
  return [...text.matchAll(new RegExp(`${option} '([^']+)'`, "g"))].map(([, value]) => value);
}
