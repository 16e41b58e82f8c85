import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const PROJECT = join(__dirname, "..", "..");

/** Numbered step of a walkthrough that names its file. */
export interface Step {
  readonly file: string;
  readonly isNew: boolean;
  /** Code blocks: the text of a new file, or diffs without line numbers. */
  readonly blocks: readonly string[];
}

/** Returns the section of a Markdown document under a heading, up to the next heading of any level. */
export function section(document: string, heading: string): string {
  const start = document.indexOf(`\n${heading}\n`);
  assert.notEqual(start, -1, `The document has no heading "${heading}".`);
  const body = document.slice(start + heading.length + 2);
  const end = body.search(/^#{1,6} /m);
  return end === -1 ? body : body.slice(0, end);
}

/** Returns the steps of a walkthrough that begin with a file: "1. `a.ts`: …" or "2. New file **b.ts**: …". */
export function stepsOf(text: string): Step[] {
  return text.split(/^\d+\. /m).flatMap((item) => {
    const [, changed, added] = /^(?:`([^`]+)`|New file \*\*([^*]+)\*\*):/.exec(item) ?? [];
    const file = changed ?? added;
    if (file === undefined) return [];
    const blocks = [...item.matchAll(/^ {3}```(?:diff|ts)\n(.*?)^ {3}```$/gms)];
    return {
      file,
      isNew: added !== undefined,
      blocks: blocks.map(([, block]) => block.replace(/^ {3}/gm, "")),
    };
  });
}

/** Performs a step in a folder. @throws AssertionError if the file does not contain the lines of the step exactly once. */
export function perform({ file, isNew, blocks }: Step, folder: string): void {
  const path = join(folder, file);
  if (isNew) {
    assert.ok(!existsSync(path), `${file} already exists.`);
    mkdirSync(dirname(path), { recursive: true });
    return writeFileSync(path, blocks.join(""));
  }
  let text = readFileSync(path, "utf8");
  for (const block of blocks) {
    const side = (sign: string): string =>
      block
        .split("\n")
        .filter((line) => line !== "" && line[0] !== sign)
        .map((line) => `${line.slice(1)}\n`)
        .join("");
    const parts = text.split(side("+"));
    assert.equal(parts.length, 2, `${file} does not have these lines exactly once:\n${side("+")}`);
    text = parts.join(side("-"));
  }
  writeFileSync(path, text);
}

/** Copies the project to a folder. Packages are symbolic links; caches and other written files are not shared. */
export function copyProject(folder: string): void {
  const left = ["node_modules", ".git", ".local-cloud"];
  cpSync(PROJECT, folder, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !left.includes(relative(PROJECT, source).split(sep)[0]),
  });
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(PROJECT, "node_modules")))
    if (name !== ".cache")
      symlinkSync(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
}
