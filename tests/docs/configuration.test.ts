import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { mockStack, onlyProblemOf, problemsOf } from "../program/read-configuration";

const ROOT = join(__dirname, "..", "..");

/** Row of a table in the document. */
interface Row {
  readonly key: string;
  readonly type: string;
  readonly default: string;
  readonly allowed: string;
}

describe("docs/configuration.md", () => {
  before(mockStack);
  const rows = documentedKeys();

  it("lists exactly the keys that the program reads", () => {
    const [, keys = ""] = /The keys are (.*?)\. Fix/.exec(onlyProblemOf({ unknown: "1" })) ?? [];
    assert.deepEqual(rows.map(({ key }) => key).sort(), keys.split(", ").sort());
  });

  it("lists exactly the keys of Pulumi.yaml, with their types and defaults", () => {
    const declared = Object.entries(projectConfig()).filter(([key]) => !key.includes(":"));
    const expected = declared.map(([key, { type, default: value }]) => ({
      key,
      type,
      default: shown(value),
    }));
    const found = rows.map(({ key, type, default: value }) => ({ key, type, default: value }));
    assert.deepEqual(found.sort(byKey), expected.sort(byKey));
  });

  it("states the same allowed values as the error of an invalid value", () => {
    // The allowed values of the others depend on the configuration or need more than a table cell.
    const inCell = rows.filter(({ key }) => key !== "primary" && key !== "regions");
    const problems = problemsOf(Object.fromEntries(inCell.map(({ key }) => [key, "not allowed"])));
    for (const { key, allowed } of inCell) {
      const problem = problems.find((line) => line.startsWith(`- tickets:${key} `));
      assert.ok(problem?.includes(`It must be ${allowed}. Fix`), `${key}: ${problem}`);
    }
  });
});

function documentedKeys(): Row[] {
  const text = readFileSync(join(ROOT, "docs", "configuration.md"), "utf8");
  return [...text.matchAll(/^\| `(\w+)` +\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm)].map(
    ([, key, type, value, allowed]) => ({ key, type, default: value.replaceAll("`", ""), allowed }),
  );
}

function projectConfig(): Record<string, { readonly type: string; readonly default: unknown }> {
  const { config } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { readonly type: string; readonly default: unknown }>;
  };
  return config;
}

/** Default value as the table shows it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "Ireland and Singapore";
  if (typeof value === "object") return JSON.stringify(value);
  return value === "" ? "empty" : String(value);
}

function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key.localeCompare(other.key);
}
