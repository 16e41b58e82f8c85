import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../../../local/services";

const RUNBOOK = "docs/runbook.md";

/** Returns the text of a section of the runbook. @throws Error if there is none. */
export function runbookSection(heading: string): string {
  return sectionOf(RUNBOOK, heading);
}

/** Returns the lines of the shell commands in a section of the runbook. */
export function runbookCommands(heading: string): string[] {
  return documentedCommands(RUNBOOK, heading);
}

/** Returns the lines of the shell commands in a section of a document, without the indentation of their block. */
export function documentedCommands(document: string, heading: string): string[] {
  const blocks = [...sectionOf(document, heading).matchAll(/^( *)```sh\n([^]*?)^\1```/gm)];
  return blocks.flatMap(([, indentation, lines]) =>
    lines
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(indentation.length)),
  );
}

/** Returns the values of an option in a text, each in single quotes, such as those of `--exclude`. */
export function optionValues(text: string, option: string): string[] {
  return [...text.matchAll(new RegExp(`${option} '([^']+)'`, "g"))].map(([, value]) => value);
}

function sectionOf(document: string, heading: string): string {
  const text = readFileSync(join(PROJECT_DIRECTORY, document), "utf8");
  const sections = text.split(/^#{2,3} /m);
  const found = sections.find((section) => section.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`${document} has no section ${heading}.`);
  return found;
}
