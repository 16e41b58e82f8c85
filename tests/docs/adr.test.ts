import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNone } from "./assert-none";

const FOLDER = join(__dirname, "..", "..", "docs", "adr");
const SECTIONS = ["Context", "Decision", "Consequences"];

/** An architecture decision record, read from its file. */
interface Decision {
  readonly file: string;
  readonly number: number;
  readonly title: string;
  readonly date: string;
  readonly sections: readonly string[];
}

describe("docs/adr", () => {
  const records = readdirSync(FOLDER)
    .filter((file) => file !== "README.md")
    .map(readRecord);

  it("gives every record its own number", () => {
    const files = new Map<number, string>();
    const repeated = records.filter(({ number, file }) => {
      const isRepeated = files.has(number);
      files.set(number, file);
      return isRepeated;
    });
    assertNone(
      repeated.map(({ file }) => file),
      "Another record has this number. Take the next free one.",
    );
  });

  it("gives every record the number of its file, a date and the sections of the template", () => {
    assertNone(
      records.filter((record) => !followsTemplate(record)).map(({ file }) => file),
      "Follow the template in docs/adr/README.md.",
    );
  });

  it("lists every record once, in order and with its date", () => {
    const rows = [...textOf("README.md").matchAll(/^\| \[(\d{4})\]\((\S+)\) +\| .+ \| (\S+) \|$/gm)];
    assert.ok(rows.length > 20);
    assert.deepEqual(
      rows.map(([, number, file, date]) => ({ number: Number(number), file, date })),
      records.map(({ number, file, date }) => ({ number, file, date })),
    );
  });
});

function readRecord(file: string): Decision {
  const text = textOf(file);
  const [, number = "", title = ""] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
  return {
    file,
    number: Number(number),
    title,
    date: /^Date: (\d{4}-\d\d-\d\d)(?:, .+)?$/m.exec(text)?.[1] ?? "",
    sections: [...text.matchAll(/^## (.+)$/gm)].map(([, section]) => section),
  };
}

function followsTemplate({ file, number, title, date, sections }: Decision): boolean {
  const hasNumber = file.startsWith(`${String(number).padStart(4, "0")}-`);
  return hasNumber && title !== "" && date !== "" && SECTIONS.every((section) => sections.includes(section));
}

function textOf(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}
