import assert from "node:assert/strict";
import {
  columnsOf,
  cutTo,
  jsonLine,
  plainLine,
  plainText,
  wrapLine,
  wrapText,
} from "../../command-line/terminal-text";

describe("plainText", () => {
  const hostile: Record<string, [string, string]> = {
    "a color": ["a\u001b[31mred\u001b[0m", "ared"],
    "a cleared screen": ["\u001b[2J\u001b[Hfine", "fine"],
    "a window title (OSC)": ["\u001b]0;owned\u0007x", "x"],
    "a hyperlink (OSC 8)": ["\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\", "text"],
    "a C1 control sequence": ["\u009b2Jx", "x"],
    "other C1 controls": ["a\u0085\u0090b", "ab"],
    "a carriage return and backspaces": ["all well\rdown\b\b", "all welldown"],
    "bidi overrides and isolates": ["Trim\u202Eevil\u2066x\u2069\u200f\u061c", "Trimevilx"],
    "a lone escape, NUL and DEL": ["\u001b \u0000\u007f.", " ."],
  };
  for (const [what, [text, expected]] of Object.entries(hostile))
    it(`removes ${what}`, () => assert.equal(plainText(text), expected));

  it("keeps letters of every script, emoji, tabs and line feeds", () => {
    const text = "Ünï 票 שלום 👩‍💻\n\tx";
    assert.equal(plainText(text), text);
    assert.equal(plainLine("a\nb\r\n\tc"), "a b c");
  });

  it("returns JSON without loss from jsonLine", () => {
    const value = { reason: "a\u001b[2J\u009b\u202e\u2028\nb" };
    const line = jsonLine(value);
    assert.equal(plainText(line), line);
    assert.deepEqual(JSON.parse(line), value);
  });
});

describe("wrapLine", () => {
  it("breaks at spaces and indents below the second column", () => {
    assert.deepEqual(wrapLine("  --minutes NUMBER  how long the primary must be healthy", 40), [
      "  --minutes NUMBER  how long the primary",
      "                    must be healthy",
    ]);
  });

  it("never breaks a word and keeps all other lines within the width", () => {
    const text = "ireland does not answer: connect ECONNREFUSED 127.0.0.1:4710 now and then and later";
    for (const columns of [24, 40, 60, 80]) {
      const lines = wrapLine(text, columns);
      assert.ok(lines.every((line) => columnsOf(line) <= columns));
      assert.equal(lines.map((line) => line.trim()).join(" "), text);
    }
    assert.deepEqual(wrapLine("see https://example.com/a/long/path", 10), [
      "see",
      "https://example.com/a/long/path",
    ]);
  });

  it("counts wide characters as two columns", () => {
    assert.equal(columnsOf("票a"), 3);
    assert.deepEqual(wrapLine("票票 票票", 5), ["票票", "票票"]);
    assert.equal(cutTo("票票票", 4), "票…");
  });

  it("breaks a table's row between its columns", () => {
    const row = "  ireland -> singapore  in step, last heartbeat 10 s ago  0 in quarantine  0 failures";
    const indent = " ".repeat(24);
    assert.deepEqual(wrapLine(row, 80), [
      "  ireland -> singapore  in step, last heartbeat 10 s ago  0 in quarantine",
      `${indent}0 failures`,
    ]);
    assert.deepEqual(wrapLine(row, 60), [
      "  ireland -> singapore  in step, last heartbeat 10 s ago",
      `${indent}0 in quarantine  0 failures`,
    ]);
    // A column that is wider than a line is wrapped at its words.
    assert.deepEqual(wrapLine("a  bb  three words here", 12), ["a  bb  three", "   words", "   here"]);
  });

  it("keeps empty lines", () => assert.equal(wrapText("a\n\nb", 5), "a\n\nb"));
});
