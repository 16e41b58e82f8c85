import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Environment variable that makes the tests write the snapshots instead of comparing them. */
const UPDATE = "UPDATE_STORED_NAMES";

/**
 * Compares lines with the snapshot `<name>.txt` in this folder, or writes it when `UPDATE_STORED_NAMES` is 1.
 * @param consequence what a change does to a deployed stack.
 * @throws AssertionError with every line that was added or removed.
 */
export function expectSnapshot(name: string, lines: readonly string[], consequence: string): void {
  const file = join(__dirname, `${name}.txt`);
  const unique = [...new Set(lines)];
  assert.ok(unique.length > 0, `No names were collected for ${name}.`);
  if (process.env[UPDATE] === "1") return writeFileSync(file, `${unique.join("\n")}\n`);
  const expected = readFileSync(file, "utf8").trimEnd().split("\n");
  const changes = [...marked("-", expected, unique), ...marked("+", unique, expected)];
  if (changes.length > 0)
    assert.fail(
      `Stored names changed (${name}.txt):\n${changes.join("\n")}\n\n${consequence}\n` +
        `If the change is intended, run: ${UPDATE}=1 npx mocha "tests/program/stored-*.test.ts"`,
    );
}

/** Paths of the members of a plain value with their types, such as `events[].at string`. */
export function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => pathsOf(element, `${path}[]`));
  if (typeof value !== "object" || value === null)
    return [`${path} ${value === null ? "null" : typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, path ? `${path}.${name}` : name));
}

function marked(mark: "-" | "+", lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line)).map((line) => `${mark} ${line}`);
}
