import assert from "node:assert/strict";

/** @throws AssertionError that lists the problems, one a line, and says how to fix them. */
export function assertNone(problems: readonly string[], fix: string): void {
  if (problems.length > 0) assert.fail(`${problems.join("\n")}\n\n${fix}`);
}
