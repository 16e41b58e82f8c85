import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNone } from "./assert-none";

const DOCUMENT = join(__dirname, "..", "..", "docs", "first-hour-on-aws.md");

describe("docs/first-hour-on-aws.md", () => {
  const [, ...entries] = readFileSync(DOCUMENT, "utf8").split(/^### /m);
  const titled = entries.map((entry) => {
    const [title, ...lines] = entry.split(/\n(?=## )/)[0].split("\n");
    return { title, text: lines.join("\n") };
  });

  it("asks a question in each heading", () => {
    assert.ok(titled.length > 15);
    assertNone(
      titled.map(({ title }) => title).filter((title) => !title.endsWith("?")),
      "End the heading with a question mark.",
    );
  });

  it("has one command for each question, which can be copied as a whole", () => {
    assertNone(
      titled.filter(({ text }) => text.match(/^```sh\n[^]+?^```$/gm)?.length !== 1).map(({ title }) => title),
      "Give the question one block of `sh`.",
    );
  });

  it("has at least two answers for each question, and says what follows from each", () => {
    assertNone(
      titled
        .filter(({ text }) => {
          const answers = text.match(/^- [^]+?(?=^- |$(?![^]))/gm) ?? [];
          return answers.length < 2 || answers.some((answer) => !/^- [^:*]+: ./.test(answer));
        })
        .map(({ title }) => title),
      "List the answers, each with a colon before what follows from it.",
    );
  });
});
