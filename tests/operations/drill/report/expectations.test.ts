import assert from "node:assert/strict";
import type { Observations } from "../../../../operations/drill/observations";
import type { Findings } from "../../../../operations/drill/report/figures";
import { timelineOf } from "../../../../operations/drill/report/markdown";
import type { Expectation } from "../../../../operations/drill/scenario";
import { acknowledged, change, phase, reported, requests, stored } from "../support/drill-fixtures";

const TRAFFIC = [...requests("writer", "iiixxsss"), ...requests("page", "iiiissss")];
const TO_SINGAPORE = [change(0, "DNS", "ireland"), change(4, "DNS", "singapore")];
const AND_BACK = [...TO_SINGAPORE, change(20, "DNS", "ireland")];
const TAKEN = change(5, "takeover", "yes");
const FAULT = [phase(3, "fault")];
const LOST = {
  lost: [{ id: "1", kind: "create", version: "v", at: 0, region: "ireland" }],
} satisfies Partial<Findings>;

interface Case {
  readonly expected: Expectation;
  readonly met: Partial<Observations>;
  readonly notMet: Partial<Observations>;
  readonly findings?: Partial<Findings>;
  readonly findingsNotMet?: Partial<Findings>;
}

const CASES: readonly Case[] = [
  { expected: { kind: "nothing-lost" }, met: {}, notMet: {}, findingsNotMet: LOST },
  {
    expected: { kind: "back-within", client: "writer", seconds: 3 },
    met: { phases: FAULT, samples: TRAFFIC },
    notMet: { phases: FAULT, samples: requests("writer", "iiixxxxxsss") },
  },
  {
    expected: { kind: "back-within", client: "page", seconds: 3 },
    met: { phases: FAULT, samples: TRAFFIC },
    notMet: { phases: FAULT, samples: requests("page", "iiixxxx") },
  },
  {
    expected: { kind: "uninterrupted", client: "page" },
    met: { samples: TRAFFIC },
    notMet: { samples: requests("page", "iixi") },
  },
  {
    expected: { kind: "dns-moves" },
    met: { phases: FAULT, changes: TO_SINGAPORE },
    notMet: { phases: FAULT, changes: TO_SINGAPORE.slice(0, 1) },
  },
  {
    expected: { kind: "client-moves", client: "page" },
    met: { phases: FAULT, samples: TRAFFIC },
    notMet: { phases: FAULT, samples: requests("page", "sssssss") },
  },
  {
    expected: { kind: "taken-over" },
    met: { phases: FAULT, changes: [TAKEN] },
    notMet: { phases: FAULT, changes: [change(5, "takeover", "no")] },
  },
  {
    expected: { kind: "dns-stays" },
    met: { phases: [...FAULT, phase(3.5, "takeover")], changes: TO_SINGAPORE },
    notMet: { phases: [...FAULT, phase(5, "takeover")], changes: TO_SINGAPORE },
  },
  {
    expected: { kind: "moves-at-most", times: 1 },
    met: { phases: FAULT, changes: AND_BACK },
    notMet: { phases: FAULT, changes: [...AND_BACK, change(25, "DNS", "singapore")] },
  },
  {
    expected: { kind: "gated" },
    met: { phases: FAULT, routing: [stored(19, "failback")], changes: [...AND_BACK, TAKEN] },
    notMet: { phases: FAULT, routing: [stored(21, "failback")], changes: [...AND_BACK, TAKEN] },
  },
  {
    expected: { kind: "some-late" },
    met: {},
    notMet: {},
    findings: { late: [acknowledged(1), acknowledged(2)] },
    findingsNotMet: { late: [] },
  },
  {
    expected: { kind: "ends-on-primary" },
    met: { phases: FAULT, changes: AND_BACK },
    notMet: { phases: FAULT, changes: TO_SINGAPORE },
  },
];

describe("Expectation of a drill", () => {
  for (const { expected, met, notMet, findings, findingsNotMet } of CASES) {
    const scenario = { name: "one", title: "One expectation", steps: [], expects: [expected] };
    const what = "client" in expected ? `${expected.kind} of the ${expected.client}` : expected.kind;
    it(`evaluates ${what} with a figure, whether it is met or not`, () => {
      const good = reported(met, { scenario, findings }).expectations[0];
      const bad = reported(notMet, { scenario, findings: findingsNotMet ?? findings }).expectations[0];
      assert.deepEqual([good.verdict, bad.verdict], ["met", "not met"], `${good.figure}; ${bad.figure}`);
      assert.equal(good.expected, bad.expected);
      assert.ok(good.figure !== "" && bad.figure !== good.figure);
    });
  }

  it("does not meet nothing-lost when no write was acknowledged", () => {
    const scenario = { name: "one", title: "", steps: [], expects: [{ kind: "nothing-lost" }] } as const;
    assert.equal(reported({}, { scenario, findings: { acknowledged: 0 } }).verdict, "not met");
  });

  it("does not meet ends-on-primary while the failback gates refuse", () => {
    const scenario = { name: "one", title: "", steps: [], expects: [{ kind: "ends-on-primary" }] } as const;
    const failback = { needed: true, done: false, refusals: 3, text: "not healthy for long enough" };
    const { expectations } = reported(
      { phases: FAULT, changes: AND_BACK },
      { scenario, findings: { failback } },
    );
    assert.deepEqual(
      [expectations[0].verdict, expectations[0].figure],
      ["not met", "ireland; the gates did not open, so singapore continues to serve"],
    );
  });

  it("requires for gated a takeover once DNS has left, and a failback that ends it", () => {
    const scenario = { name: "one", title: "", steps: [], expects: [{ kind: "gated" }] } as const;
    const evaluated = (changes: Observations["changes"], ...routing: Observations["routing"]): string[] => {
      const [{ verdict, figure }] = reported({ phases: FAULT, routing, changes }, { scenario }).expectations;
      return [verdict, figure];
    };
    const stayed = AND_BACK.slice(0, 1);
    assert.deepEqual(evaluated(stayed), ["met", "DNS never left, so no failback was needed"]);
    assert.deepEqual(evaluated(AND_BACK), ["not met", "DNS left, and singapore did not take over"]);
    const vanished = [...AND_BACK, TAKEN, change(15, "takeover", "no")];
    const ended = "the takeover ended 10 s after it began, without a failback";
    assert.deepEqual(evaluated(vanished), ["not met", ended]);
    assert.deepEqual(evaluated(vanished, stored(40, "failback")), ["not met", ended]);
    assert.deepEqual(
      evaluated([...AND_BACK, TAKEN, change(22, "takeover", "no")], stored(19.9, "failback")),
      ["met", "it waited for the failback"],
    );
  });

  it("does not meet ends-on-primary after a takeover without a failback", () => {
    const scenario = { name: "one", title: "", steps: [], expects: [{ kind: "ends-on-primary" }] } as const;
    const changes = [...AND_BACK, TAKEN, change(15, "takeover", "no")];
    assert.equal(reported({ phases: FAULT, changes }, { scenario }).verdict, "not met");
  });

  it("does not count DNS answers of the primary while the secondary is unhealthy as well", () => {
    const expects = [{ kind: "gated" }, { kind: "moves-at-most", times: 1 }] as const;
    const scenario = { name: "one", title: "", steps: [], expects };
    const routing = [stored(90, "failback")];
    const bounced = [...AND_BACK, TAKEN, change(25, "DNS", "singapore"), change(95, "DNS", "ireland")];
    const unhealthy = [
      change(18, "health of singapore", "503"),
      change(24, "health of singapore", "healthy"),
    ];
    const metWith = (changes: Observations["changes"]): boolean[] =>
      reported({ phases: FAULT, routing, changes }, { scenario }).expectations.map(
        ({ verdict }) => verdict === "met",
      );
    assert.deepEqual(metWith([change(0, "health of singapore", "healthy"), ...bounced]), [false, false]);
    assert.deepEqual(metWith([...bounced, ...unhealthy]), [true, true]);
  });

  it("divides the time limit of back-within by the speed for DNS clients, but not for the web UI", () => {
    const expects = [
      { kind: "back-within", client: "writer", seconds: 90 },
      { kind: "back-within", client: "page", seconds: 3 },
      { kind: "back-within", client: "reader", seconds: 90, undividedSeconds: 11 },
    ] as const;
    const scenario = { name: "one", title: "", steps: [], expects };
    const texts = reported({}, { scenario, speed: 10 }).expectations.map(({ expected }) => expected);
    assert.deepEqual(texts, [
      "The writer is served again within 14 s",
      "The web UI is served again within 3 s",
      "The reader is served again within 25 s",
    ]);
  });

  it("lists the moves that do not count, as the timeline does", () => {
    const scenario = {
      ...{ name: "one", title: "", steps: [] },
      expects: [{ kind: "moves-at-most", times: 1 }],
    } as const;
    const report = reported(
      {
        phases: FAULT,
        changes: [
          change(-2, "DNS", "singapore"),
          ...AND_BACK,
          change(18, "health of singapore", "503"),
          change(24, "health of singapore", "healthy"),
          change(25, "DNS", "singapore"),
        ].sort((left, right) => left.at - right.at),
      },
      { scenario },
    );
    const [{ figure, verdict }] = report.expectations;
    assert.equal(verdict, "met");
    assert.match(
      figure,
      /^once; left out: to ireland at 0\.0 s \(before the fault\), to ireland at 20\.0 s \(singapore was unhealthy at 18\.0 s: 503\), to singapore at 25\.0 s/,
    );
    const rows = timelineOf(report)
      .map(([, text]) => text)
      .filter((text) => text.startsWith("DNS"));
    const counted = rows.filter((text) => text === "DNS: singapore");
    assert.deepEqual([rows.length, counted.length], [5, 1], rows.join("\n"));
  });
});
