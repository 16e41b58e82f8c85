import assert from "node:assert/strict";
import { type Output, terminal } from "../../command-line/terminal";
import { renderStatus } from "../../operations/status/render";
import { statusScreen } from "../../operations/status/screen";
import type { StatusReport } from "../../operations/status/report";
import { AT, healthyStatus } from "../operations/status/healthy-status";

const HOSTILE = "fire\u001b[2J\u001b]0;owned\u0007\n!! All is well\u202e\u009b31m";
// Matching control characters is the purpose of the expression.
// eslint-disable-next-line no-control-regex
const ESCAPES = /[\u001b\u009b\u202e\u0007]/;

function written(size: Partial<Output> = {}): Output & { text: string } {
  return {
    text: "",
    ...size,
    write(part: string) {
      this.text += part;
    },
  };
}

/** Returns the lines of a screen without control sequences. */
const linesOn = (text: string): string[] =>
  // Matching control sequences is the purpose of the expression.
  // eslint-disable-next-line no-control-regex
  text.replace(/\u001b\[[HKJ]/g, "").split("\n");

describe("terminal", () => {
  it("writes no control sequences of a text to either output", () => {
    const [out, errors] = [written(), written()];
    const { print, fail, progress } = terminal(out, errors, () => 1e9);
    print(HOSTILE);
    fail(HOSTILE);
    progress(HOSTILE);
    assert.doesNotMatch(out.text + errors.text, ESCAPES);
  });

  it("wraps at words on a terminal, but not in a pipe or a line of JSON", () => {
    const text = "one two three four five";
    const narrow = written({ isTTY: true, columns: 10, rows: 24 });
    terminal(narrow, written()).print(text);
    assert.equal(narrow.text, "one two\nthree four\nfive\n");
    const pipe = written();
    terminal(pipe, written()).print(text);
    assert.equal(pipe.text, `${text}\n`);
    const json = written({ isTTY: true, columns: 10, rows: 24 });
    terminal(json, written()).print('{"reason": "a long reason"}');
    assert.equal(json.text, '{"reason": "a long reason"}\n');
  });

  it("overwrites one line of progress and truncates it to the width", () => {
    const errors = written({ isTTY: true, columns: 20, rows: 24 });
    terminal(written(), errors, () => 1e9).progress("x".repeat(100));
    assert.equal(errors.text, `\r\u001b[K${"x".repeat(18)}…`);
  });

  it("uses no control sequences without a terminal, or on a dumb one", () => {
    assert.equal(terminal(written(), written()).screen, undefined);
    const { TERM } = process.env;
    process.env.TERM = "dumb";
    try {
      const dumb = written({ isTTY: true, columns: 80, rows: 24 });
      const { screen, progress } = terminal(dumb, dumb, () => 1e9);
      assert.equal(screen, undefined);
      progress("x");
      assert.doesNotMatch(dumb.text, ESCAPES);
    } finally {
      if (TERM === undefined) delete process.env.TERM;
      else process.env.TERM = TERM;
    }
  });
});

describe("status on a small terminal", () => {
  const event = (index: number) =>
    ({
      region: "singapore",
      what: "takeover",
      by: "sentinel",
      at: AT,
      reason: `${HOSTILE} ${index}`,
    }) as const;
  const [ireland, singapore] = healthyStatus.regions;
  const busy: StatusReport = {
    ...healthyStatus,
    regions: [{ ...ireland, health: { ok: false, reason: HOSTILE } }, singapore],
    events: Array.from({ length: 10 }, (_, index) => event(index)),
  };
  const screenOf = (report: StatusReport, columns: number, rows: number): string[] => {
    const out = written({ isTTY: true, columns, rows });
    const { screen } = terminal(out, written());
    screen!((width, height) => statusScreen(report, (text) => text, width, height));
    assert.doesNotMatch(out.text, /\n$/, "a line feed at the end would scroll");
    return linesOn(out.text);
  };

  for (const [columns, rows] of [
    [80, 24],
    [60, 15],
    [40, 10],
    [40, 5],
  ])
    it(`fits ${columns}×${rows} with the headline first, and counts the omitted lines`, () => {
      for (const report of [healthyStatus, busy]) {
        const lines = screenOf(report, columns, rows);
        assert.ok(lines.length <= rows, `${lines.length} lines:\n${lines.join("\n")}`);
        assert.match(lines[0], /^ireland, 2025/);
        const words = new Set(renderStatus(report).join(" ").split(/\s+/));
        const isWhole = statusScreen(report, (text) => text, columns, 1000).length <= rows;
        const body = isWhole ? lines : lines.slice(0, -1);
        for (const word of body.join(" ").trim().split(/\s+/))
          assert.ok(words.has(word), `${word} is broken`);
        if (!isWhole) assert.match(lines.at(-1)!, /^… \d+ more lines: /);
      }
    });

  it("shows problems first", () => {
    assert.match(screenOf(busy, 80, 24)[1], /^!! ireland is unhealthy: fire/);
  });

  it("keeps a reason on its line and removes its escape sequences", () => {
    const lines = renderStatus(busy);
    assert.doesNotMatch(lines.join("\n"), ESCAPES);
    assert.equal(lines.filter((line) => line.startsWith("!! All is well")).length, 0);
  });
});
