import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNone } from "./assert-none";

const PROJECT = join(__dirname, "..", "..");
const DOCUMENT = "docs/troubleshooting.md";
/** Heading of the part whose messages no file of this project contains. */
const OTHERS = "## Messages of other programs";
/** Placeholder for a variable part of a message. */
const VARIABLE = "…";

/** Message that the document quotes as a heading. */
interface Quote {
  readonly line: number;
  readonly message: string;
}

describe(DOCUMENT, () => {
  const quotes = quotesOf(readFileSync(join(PROJECT, DOCUMENT), "utf8"));
  const sources = sourceTexts();

  it("quotes messages that the code still contains", () => {
    assert.ok(quotes.length > 50);
    const outdated = quotes.filter(({ message }) => !sources.some(({ text }) => contains(text, message)));
    assertNone(
      outdated.map(({ line, message }) => `${DOCUMENT}:${line}: ${message} ${nearest(message, sources)}`),
      "No file has these messages. Copy the new wording into the heading, or delete the section.",
    );
  });

  it("quotes each message once, with enough fixed text to find it", () => {
    const messages = quotes.map(({ message }) => message);
    assert.deepEqual(messages, [...new Set(messages)]);
    const vague = messages.filter((message) => Math.max(...parts(message).map(({ length }) => length)) < 10);
    assertNone(vague, `Quote at least 10 consecutive characters of the message beside "${VARIABLE}".`);
  });
});

describe("The comparison of a quoted message with a source file", () => {
  const source = joined(
    'throw new Error(`The table ${name} is ` +\n  "throttled. " + `Use \\`--rate ${rate}\\`.`)',
  );

  it("joins the strings of a concatenation and ignores escapes", () => {
    assert.ok(contains(source, "The table … is throttled. Use `--rate …`."));
  });

  it("finds no message with other words or another order", () => {
    assert.ok(!contains(source, "The table … was throttled."));
    assert.ok(!contains(source, "throttled. … The table"));
  });
});

/** Returns the messages in the headings of the document, up to the part about other programs. */
function quotesOf(document: string): Quote[] {
  const [own, others] = document.split(OTHERS);
  assert.ok(others, `the document has the heading "${OTHERS}"`);
  return own.split("\n").flatMap((content, index) => {
    const [, message] = /^### `(.*)`$/.exec(content) ?? [];
    return message === undefined ? [] : [{ line: index + 1, message }];
  });
}

/** Reads every source file of the program and its commands. */
function sourceTexts(): { readonly file: string; readonly text: string }[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((file) => /\.[jt]s$/.test(file) && !file.startsWith("tests/") && existsSync(join(PROJECT, file)))
    .map((file) => ({ file, text: joined(readFileSync(join(PROJECT, file), "utf8")) }));
}

/** Joins concatenated strings and unescapes quotation marks of a source text. */
function joined(source: string): string {
  return source.replace(/["'`]\s*\+\s*["'`]/g, "").replace(/\\(["'`])/g, "$1");
}

/** Returns the fixed parts of a message. */
function parts(message: string): string[] {
  return message
    .split(VARIABLE)
    .map((part) => part.trim())
    .filter((part) => /\w/.test(part));
}

/** Whether a text contains all fixed parts of a message in order and close to each other. */
function contains(text: string, message: string): boolean {
  const gap = "[^]{0,200}?";
  return new RegExp(parts(message).map(escaped).join(gap)).test(text);
}

/** Returns the file with the most fixed parts of a message, and the parts that it does not contain. */
function nearest(message: string, sources: ReturnType<typeof sourceTexts>): string {
  const missingIn = (text: string): string[] => parts(message).filter((part) => !text.includes(part));
  const ranked = sources.map(({ file, text }) => ({ file, missing: missingIn(text) }));
  const [best] = ranked.sort((one, other) => one.missing.length - other.missing.length);
  if (best.missing.length === parts(message).length) return "(no file has any part of it)";
  return `(${best.file} lacks: ${best.missing.join(" | ") || "the order"})`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
