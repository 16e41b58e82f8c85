import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assertNone } from "./assert-none";

const PROJECT = join(__dirname, "..", "..");
const LISTED = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: PROJECT,
  encoding: "utf8",
});
const FILES = LISTED.split("\n").filter((file) => file !== "" && exists(file));
const FOLDERS = new Set(FILES.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
const DOCUMENTS = FILES.filter((file) => /^([\w-]+|docs\/.*)\.md$/.test(file));
const ARCHITECTURE = "docs/architecture.md";

/** Text that a line of a document mentions, such as the target of a link. */
interface Mention {
  readonly document: string;
  readonly line: number;
  readonly text: string;
}

describe("Documents", () => {
  it("link only to files and headings that exist", () => {
    const mentions = DOCUMENTS.flatMap((document) => mentionsIn(document, /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g));
    const links = mentions.filter(({ text }) => !/^[a-z]+:/.test(text));
    assert.ok(links.length > 20);
    assertNone(
      links.filter((link) => !isReachable(link)).map(placeOf),
      "These links resolve to no file or heading. Correct the link, or restore its target.",
    );
  });

  it("name only repository paths that exist", () => {
    const paths = DOCUMENTS.flatMap((document) => mentionsIn(document, /`([^`\n]+)`/g))
      .flatMap(({ text, ...place }) => text.split(/[\s"'=,;()]+/).map((word) => ({ ...place, text: word })))
      .filter(({ text }) => isRepositoryPath(text));
    assert.ok(paths.length > 20);
    assertNone(
      paths.filter(({ text }) => !exists(text)).map(placeOf),
      "These paths do not exist. Write where the file is now, or delete the sentence.",
    );
  });

  it("name only functions and classes that their files declare", () => {
    const pattern = /(`\w+(?:\(\))?` in (?:`[^`]+\.[jt]sx?`|\[[^\]]*\]\([^)]+\.[jt]sx?\)))/g;
    const mentions = DOCUMENTS.flatMap((document) => mentionsIn(document, pattern));
    assert.ok(mentions.length > 30);
    assertNone(
      mentions.filter((mention) => !isDeclared(mention)).map(placeOf),
      "The file does not declare this name. Write its new name and file.",
    );
  });
});

describe("Commands in the documents", () => {
  it("run only scripts of package.json", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const mentions = DOCUMENTS.flatMap((document) => mentionsIn(document, /npm run ([a-z][\w:-]*\w)/g));
    assert.ok(mentions.length > 100);
    assertNone(
      mentions.filter(({ text }) => !Object.hasOwn(scripts, text)).map(placeOf),
      "package.json has no such scripts. Write the current name.",
    );
  });

  it("set only keys of Pulumi.yaml", () => {
    const keys = [...textOf("Pulumi.yaml").matchAll(/^ {2}(\w+):$/gm)].map(([, key]) => key);
    const pattern = /pulumi config (?:set|rm) (?:--path )?'?(?:tickets:)?(\w+)/g;
    const mentions = DOCUMENTS.flatMap((document) => mentionsIn(document, pattern));
    assert.ok(mentions.length > 20);
    assertNone(
      mentions.filter(({ text }) => !keys.includes(text)).map(placeOf),
      "Pulumi.yaml has no such keys. Write the current name.",
    );
  });

  it("name only outputs that the program has", () => {
    const outputs = textOf("tests/program/stored-names/outputs.txt");
    const names = new Set([...outputs.matchAll(/^[A-F]+ +(\w+)/gm)].map(([, name]) => name));
    const mentions = DOCUMENTS.flatMap((document) =>
      mentionsIn(document, /(?:\boutputs? `|pulumi stack output )(\w+)/g),
    );
    assert.ok(mentions.length > 5);
    assertNone(
      mentions.filter(({ text }) => !names.has(text)).map(placeOf),
      "The program has no such outputs. Write the current name.",
    );
  });
});

describe(ARCHITECTURE, () => {
  it("names the file of every function", () => {
    assertNone(
      mentionsIn(ARCHITECTURE, /(`\w+\(\)`(?! in `))/g).map(placeOf),
      "Write the file after the function: `name()` in `folder/file.ts`.",
    );
  });

  it("names only files and folders that exist", () => {
    const paths = mentionsIn(ARCHITECTURE, /`([\w-]+(?:\/[\w./-]*|\.(?:ts|js|json|yaml)))`/g);
    assert.ok(paths.length > 30);
    assertNone(
      paths.filter(({ text }) => !exists(text)).map(placeOf),
      "These paths do not exist. Write where the file is now.",
    );
  });
});

/** Returns the first group of every match, line by line. */
function mentionsIn(document: string, pattern: RegExp): Mention[] {
  const lines = textOf(document).split("\n");
  return lines.flatMap((content, index) =>
    [...content.matchAll(pattern)].map(([, text]) => ({ document, line: index + 1, text })),
  );
}

function placeOf({ document, line, text }: Mention): string {
  return `${document}:${line}: ${text}`;
}

function isReachable({ document, text }: Mention): boolean {
  const [path, anchor] = decodeURI(text).split("#");
  const target = path === "" ? document : join(dirname(document), path);
  if (!exists(target)) return false;
  return anchor === undefined || !target.endsWith(".md") || anchorsOf(target).includes(anchor);
}

/** Anchors that GitHub gives to the headings of a document; a repeated heading gets a number. */
function anchorsOf(document: string): string[] {
  const counts = new Map<string, number>();
  return mentionsIn(document, /^#+\s+(.*?)\s*$/g).map(({ text }) => {
    const words = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** Whether a word is a path in one of the project's folders; false for patterns and placeholders. */
function isRepositoryPath(word: string): boolean {
  const [folder, ...rest] = word.split("/");
  return rest.length > 0 && FOLDERS.has(folder) && /^[\w./@-]+$/.test(word);
}

function exists(path: string): boolean {
  return existsSync(join(PROJECT, path));
}

/** Whether the file of "`name` in `file`" or "`name` in [text](file)" declares the name. */
function isDeclared({ document, text }: Mention): boolean {
  const [, name, path, target] = /^`(\w+)(?:\(\))?` in (?:`([^`]+)`|.*\((.+)\)$)/.exec(text) ?? [];
  const file = path ?? join(dirname(document), target);
  if (!exists(file)) return false;
  const source = textOf(file);
  const statement = `\\b(function|class|const|interface|type)\\s+${name}\\b`;
  const method = `^ +((private|async|readonly) +)*${name}\\(.*\\{$`;
  return new RegExp(`(${statement}|${method})`, "m").test(source);
}

function textOf(file: string): string {
  return readFileSync(join(PROJECT, file), "utf8");
}
