import assert from "node:assert/strict";
import { cpus } from "node:os";
import { htmlOf } from "../../../../operations/drill/report/html";
import { markdownOf } from "../../../../operations/drill/report/markdown";
import {
  acknowledged,
  change,
  FINDINGS,
  machine,
  phase,
  reported,
  requests,
  stored,
} from "../support/drill-fixtures";

/** Acknowledged just before Ireland fails, and all read in Singapore after its repair. */
const LATE = [acknowledged(2), acknowledged(2.5), acknowledged(2.75)];

const report = reported(
  {
    samples: [
      ...requests("writer", "iiiixxxxsssssi"),
      ...requests("reader", "iiiixxxxsssssi"),
      ...requests("page", "iiiisssssssssi"),
      ...requests("keepAlive", "iiixxxxxxiiiii"),
      ...requests("keepAliveWithRules", "iiixxxxxsssssi"),
    ],
    changes: [
      change(-1, "DNS", "ireland"),
      change(-1, "health of ireland", "healthy"),
      change(3, "health of ireland", "<refused>"),
      change(6, "DNS", "singapore"),
      change(7, "takeover", "yes"),
      change(12, "takeover", "no"),
      change(13, "DNS", "ireland"),
    ],
    phases: [
      phase(0, "traffic"),
      phase(3, "fault", "ireland is made down"),
      phase(9, "mend"),
      phase(12, "failback"),
      phase(14, "end"),
    ],
    routing: [stored(11.9, "failback")],
    machine: machine(0, 14),
  },
  {
    findings: {
      acknowledged: 20,
      late: LATE,
      arrivals: LATE.map((write, index) => ({ write, lagMs: 7500 + 1000 * index })),
      failback: { needed: true, done: true, seconds: 3, refusals: 1, text: "ok" },
    },
  },
);

describe("Report of a drill", () => {
  it("is met when every expectation is, and states what is emulated", () => {
    assert.deepEqual(
      report.expectations.filter(({ verdict }) => verdict !== "met"),
      [],
    );
    assert.equal(report.verdict, "met");
    assert.match(report.environment.honesty, /emulated on one machine.*ran in real time\.$/);
    assert.match(reported({}, { speed: 20 }).environment.honesty, /were divided by 20/);
    assert.equal(reported({}).verdict, "not met");
  });

  it("does not depend on the clients with keep-alive", () => {
    const alone = { ...report.observations, samples: [...requests("keepAlive", "iiixxxxxxxxxxx")] };
    const verdicts = ({ expectations }: typeof report): string[] =>
      expectations.map(({ expected, verdict }) => `${expected}: ${verdict}`);
    assert.deepEqual(verdicts(reported(alone)), verdicts(reported({ ...alone, samples: [] })));
    const { keepAlive } = reported(alone).figures.keepAliveClients;
    assert.equal(keepAlive.rtoSeconds, null, "it is not served again");
  });

  it("renders the same from its JSON", () => {
    assert.equal(markdownOf(JSON.parse(JSON.stringify(report))), markdownOf(report));
    assert.equal(htmlOf(JSON.parse(JSON.stringify(report))), htmlOf(report));
  });

  it("lists every figure in Markdown, in tables whose rows match their headings", () => {
    const text = markdownOf(report);
    for (const line of [
      "# Drill: region-down",
      "| RTO, writer that follows DNS | 5 s |",
      "| RTO, web UI | never interrupted |",
      "| RPO: acknowledged writes lost | 0 of 20 |",
      "| acknowledged, but not yet in singapore when DNS left ireland | 3; the last of them reached singapore 3.25 s after the repair |",
      "| time to gated failback, from the last repair | 3 s; a gate refused it once |",
      "| 3.0 s | ireland is made down |",
      "| 11.9 s | failback stored in singapore, by operator test |",
      "| -1.0 s | DNS: ireland (not counted: before the fault) |",
      "| machine | 2 processors, busy p50 20 %, most 20 %; event-loop delay p99 2 ms, most 2 ms, probe p99 4 ms, most 4 ms; overloaded in 0 of 14 s |".replace(
        /2 processors/,
        `${cpus().length} processors`,
      ),
      "| 3.0 s | health of ireland: <refused> |",
      "## Clients with keep-alive",
      "| keep-alive | 14 | 6 | 6.01 s | – | 6.01 s | 10 ms | 10 ms | 10 ms |",
      "| keep-alive with rules | 14 | 5 | 5.01 s | 5.01 s | 5.01 s | 10 ms | 10 ms | 10 ms |",
    ])
      assert.ok(text.split("\n").includes(line), `${line}\nin\n${text}`);
    for (const table of text.match(/(?:^\|.*\n)+/gm) ?? []) {
      const lengths = new Set(
        table
          .trim()
          .split("\n")
          .map((row) => row.split(" | ").length),
      );
      assert.equal(lengths.size, 1, table);
    }
  });

  it("reports of late writes whether and when they arrived", () => {
    const lateLine = (findings: Partial<typeof FINDINGS>): string | undefined =>
      /not yet in singapore when DNS left ireland \| (.*) \|/.exec(
        markdownOf(reported({}, { findings })),
      )?.[1];
    assert.equal(lateLine({}), "0");
    assert.equal(lateLine({ late: LATE, lost: [LATE[1]] }), "3; 1 of them never reached singapore");
    const arrivals = LATE.map((write) => ({ write, lagMs: 500 }));
    assert.equal(lateLine({ late: LATE, arrivals }), "3; the last of them reached singapore later");
  });

  it("renders one HTML file that loads nothing, with every tag closed and every text escaped", () => {
    const html = htmlOf(report);
    assert.doesNotMatch(html, /<(script|link|img|iframe)|src=|url\(|@import/);
    assert.ok(html.includes("health of ireland: &#60;refused&#62;"));
    assert.ok(!html.includes("<refused>"));
    expectBalanced(html);
  });

  it("plots DNS, health and the requests of every client over time", () => {
    const marks = [...htmlOf(report).matchAll(/<rect class="(\w+)" x="([\d.]+)"[^>]*><title>([^<]*)</g)].map(
      ([, className, x, title]) => ({ className, x: Number(x), title }),
    );
    const dns = marks.filter(({ title }) => title.startsWith("DNS"));
    assert.deepEqual(
      dns.map(({ className, x }) => [className, Math.round(x)]),
      [
        ["primary", 130],
        ["secondary", 130 + Math.round((870 * 6) / 14)],
        ["primary", 130 + Math.round((870 * 13) / 14)],
      ],
    );
    assert.deepEqual(
      marks.filter(({ title }) => title.startsWith("health")).map(({ className }) => className),
      ["good", "bad"],
    );
    const failed = marks.filter(({ title }) => title.startsWith("read: ECONNREFUSED"));
    assert.deepEqual(
      [failed.length, new Set(failed.map(({ className }) => className))],
      [8, new Set(["bad"])],
    );
    assert.equal((htmlOf(report).match(/<g class="phase">/g) ?? []).length, 5);
  });

  it("counts times from the start of the drill, not of the traffic", () => {
    const html = htmlOf(
      reported({
        changes: [change(1, "DNS", "ireland")],
        phases: [phase(4, "traffic", "traffic begins"), phase(14, "end")],
      }),
    );
    const place = (seconds: number): number => Math.round((130 + (870 * seconds) / 14) * 10) / 10;
    assert.ok(html.includes("<li>4.0\u00a0s: traffic begins</li>"));
    assert.ok(html.includes(`<rect class="primary" x="${place(1)}"`));
    assert.match(html, new RegExp(`traffic begins</title><line class="traffic" x1="${place(4)}"`));
    assert.match(html, new RegExp(`<text class="tick" x="${place(4)}"[^>]*>4 s</text>`));
    assert.ok(html.includes("<td>4.0\u00a0s</td><td>traffic begins</td>"));
  });

  it("keeps figures and units together, has one column per client, and shows that the plot scrolls", () => {
    const html = htmlOf(report);
    assert.ok(html.includes("3.25\u00a0s after"));
    const text = html.replace(/<style>.*<\/style>|<svg.*<\/svg>/gs, "");
    assert.doesNotMatch(text, /\d m?s\b|p\d\d \d/);
    assert.match(text, /<th><\/th><th>writer<\/th><th>reader<\/th><th>web UI<\/th>/);
    assert.match(text, /<td>RTO<\/td><td>5\u00a0s<\/td><td>5\u00a0s<\/td><td>never interrupted<\/td>/);
    assert.match(text, /<th><\/th><th>keep-alive<\/th><th>keep-alive with rules<\/th>/);
    assert.match(text, /<td>RTO<\/td><td>6\.01\u00a0s<\/td><td>5\.01\u00a0s<\/td>/);
    assert.match(text, /class="hint">[^<]*scroll it sideways →/);
  });

  it("renders a plot without observations", () => {
    expectBalanced(htmlOf(reported({})));
  });
});

const VOID = /^(meta|line|rect|!doctype)$/;

/** Checks that every element is closed, in order. */
function expectBalanced(html: string): void {
  const open: string[] = [];
  for (const [tag, slash, name] of html.matchAll(/<(\/?)([a-z!][a-z0-9]*)[^>]*>/gi)) {
    if (slash) assert.equal(open.pop(), name, tag);
    else if (!tag.endsWith("/>") && !VOID.test(name.toLowerCase())) open.push(name);
    else if (name === "rect") open.push(name);
  }
  assert.deepEqual(open, []);
}
