import assert from "node:assert/strict";
import type { Observations } from "../../../operations/drill/observations";
import type { Findings } from "../../../operations/drill/report";
import type { Expectation } from "../../../operations/drill/scenario";
import { change, machine, phase, reported, requests, stored } from "./support/drill-fixtures";

const AND_BACK = [change(0, "DNS", "ireland"), change(4, "DNS", "singapore"), change(20, "DNS", "ireland")];
const TAKEN = change(5, "takeover", "yes");
const FAULT = [phase(3, "fault")];
const LOST = {
  lost: [{ id: "1", kind: "create", version: "v", at: 0, region: "ireland" }],
} satisfies Partial<Findings>;

describe("A drill's expectation that depends on times", () => {
  const judged = (
    expected: Expectation,
    observations: Partial<Observations>,
    findings: Partial<Findings> = {},
  ): string[] => {
    const scenario = { name: "one", title: "", steps: [], expects: [expected] };
    const report = reported({ phases: FAULT, ...observations }, { scenario, findings });
    return [report.verdict, report.expectations[0].figure];
  };
  const BACK = { kind: "back-within", client: "writer", seconds: 3 } as const;
  const late = requests("writer", "iiixxxxxxsss");
  const overloads = {
    "the event loop is late": machine(0, 12, { loopDelayMs: 600 }),
    "a stored value takes long to read": machine(0, 12, { probeMs: 900 }),
    "the processors are saturated": machine(0, 12, { cpuPercent: 99 }),
  };
  for (const [what, samples] of Object.entries(overloads))
    it(`is inconclusive when it is not met and ${what}`, () => {
      const [verdict, figure] = judged(BACK, { samples: late, machine: samples });
      assert.equal(verdict, "inconclusive");
      assert.match(figure, /^6\.01 s; the machine was overloaded: (its|a request) /);
    });

  it("is not met on an idle machine, and on one that was overloaded at another time", () => {
    assert.equal(judged(BACK, { samples: late, machine: machine(0, 60) })[0], "not met");
    const later = [...machine(0, 20), ...machine(20, 60, { cpuPercent: 100, loopDelayMs: 900 })];
    assert.equal(judged(BACK, { samples: late, machine: later })[0], "not met");
    assert.equal(judged(BACK, { samples: late })[0], "not met");
  });

  it("is met on an overloaded machine as on any other", () => {
    const samples = requests("writer", "iiixxsss");
    assert.equal(judged(BACK, { samples, machine: machine(0, 12, { cpuPercent: 100 }) })[0], "met");
  });

  it("measures the slowest request after the fault only", () => {
    const slow = { milliseconds: 4000 };
    const page = { ...BACK, client: "page" } as const;
    const before = [{ ...requests("page", "i")[0], milliseconds: 2900 }, ...requests("page", "s", 4)];
    assert.equal(judged(page, { samples: before })[0], "met");
    const after = [...requests("page", "i"), { ...requests("page", "s", 4)[0], ...slow }];
    assert.equal(judged(page, { samples: after })[0], "not met");
  });

  it("does not excuse a fact: lost writes, moves that no timeout explains, a takeover that never came", () => {
    const busy = machine(0, 60, { cpuPercent: 100, loopDelayMs: 900 });
    assert.equal(judged({ kind: "nothing-lost" }, { machine: busy }, LOST)[0], "not met");
    assert.equal(judged({ kind: "taken-over" }, { machine: busy })[0], "not met");
    const changes = [...AND_BACK, change(25, "DNS", "singapore")];
    const once = { kind: "moves-at-most", times: 1 } as const;
    assert.equal(judged(once, { machine: busy, changes })[0], "not met");
    const early = { machine: busy, changes: [...AND_BACK, TAKEN], routing: [stored(21, "failback")] };
    assert.equal(judged({ kind: "gated" }, early)[0], "not met");
  });

  it("excuses a move that a health check's timeout explains, on an overloaded machine alone", () => {
    const silent = change(19, "Route 53 check of singapore's takeover", "not known: no answer");
    const changes = [...AND_BACK, TAKEN, silent];
    const routing = [stored(40, "failback")];
    const busy = machine(0, 60, { cpuPercent: 100 });
    const [verdict, figure] = judged({ kind: "gated" }, { changes, routing, machine: busy });
    assert.equal(verdict, "inconclusive");
    assert.match(figure, /too early; Route 53 check of singapore's takeover at 19\.0 s: not known/);
    assert.equal(judged({ kind: "gated" }, { changes, routing, machine: machine(0, 60) })[0], "not met");
  });
});
