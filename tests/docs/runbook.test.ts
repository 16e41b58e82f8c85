import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNone } from "./assert-none";

const PROJECT = join(__dirname, "..", "..");
const DOCUMENT = "docs/runbook.md";
/** Every resource of the program, with its component types and name. */
const RESOURCES = "tests/program/stored-names/resources.txt";

describe(DOCUMENT, () => {
  const patterns = [...textOf(DOCUMENT).matchAll(/^### `([^`\s]*<[^`\s]*)`$/gm)].map(([, name]) => ({
    name,
    pattern: new RegExp(`^${name.replace(/<\w+>/g, "[a-z0-9]+")}$`),
  }));
  const alarms = [
    ...new Set([...textOf(RESOURCES).matchAll(/MetricAlarm::([a-z0-9-]+)/g)].map(([, name]) => name)),
  ];

  it("describes every alarm of the program", () => {
    assert.ok(alarms.length > 20);
    assertNone(
      alarms.filter((alarm) => !patterns.some(({ pattern }) => pattern.test(alarm))),
      `Add a heading for these alarms to ${DOCUMENT}, such as "### \`<region>-api-errors\`", with what the operator does.`,
    );
  });

  it("describes no alarm that the program does not have", () => {
    const unknown = patterns.filter(({ pattern }) => !alarms.some((alarm) => pattern.test(alarm)));
    assertNone(
      unknown.map(({ name }) => name),
      `The program has no alarm with these names. Correct or delete their headings in ${DOCUMENT}.`,
    );
  });
});

function textOf(file: string): string {
  return readFileSync(join(PROJECT, file), "utf8");
}
