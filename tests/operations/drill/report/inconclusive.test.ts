import assert from "node:assert/strict";
import { createServer } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import { callApi } from "../../../../operations/cli/http-request";
import type { Observations } from "../../../../operations/drill/observations";
import type { Findings } from "../../../../operations/drill/report/figures";
import type { ClientName, Expectation } from "../../../../operations/drill/scenario";
import { sendToRegion } from "../../../../ui/src/data/region-request";
import { change, machine, phase, reported, requests, sample, stored } from "../support/drill-fixtures";

const AND_BACK = [change(0, "DNS", "ireland"), change(4, "DNS", "singapore"), change(20, "DNS", "ireland")];
const TAKEN = change(5, "takeover", "yes");
const FAULT = [phase(3, "fault")];
const LOST = {
  lost: [{ id: "1", kind: "create", version: "v", at: 0, region: "ireland" }],
} satisfies Partial<Findings>;

describe("Expectation of a drill that depends on times", () => {
  const evaluated = (
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
    "the event loop is delayed": machine(0, 12, { loopDelayMs: 600 }),
    "reading a stored value is slow": machine(0, 12, { probeMs: 900 }),
    "the processors are saturated": machine(0, 12, { cpuPercent: 99 }),
  };
  for (const [what, samples] of Object.entries(overloads))
    it(`is inconclusive when it is not met and ${what}`, () => {
      const [verdict, figure] = evaluated(BACK, { samples: late, machine: samples });
      assert.equal(verdict, "inconclusive");
      assert.match(figure, /^6\.01 s; the machine was overloaded: (its|a request) /);
    });

  it("is not met on an idle machine or one that was overloaded at another time", () => {
    assert.equal(evaluated(BACK, { samples: late, machine: machine(0, 60) })[0], "not met");
    const later = [...machine(0, 20), ...machine(20, 60, { cpuPercent: 100, loopDelayMs: 900 })];
    assert.equal(evaluated(BACK, { samples: late, machine: later })[0], "not met");
    assert.equal(evaluated(BACK, { samples: late })[0], "not met");
  });

  it("is met on an overloaded machine when the time limit is kept", () => {
    const samples = requests("writer", "iiixxsss");
    assert.equal(evaluated(BACK, { samples, machine: machine(0, 12, { cpuPercent: 100 }) })[0], "met");
  });

  it("measures the slowest request after the fault only", () => {
    const slow = { milliseconds: 4000 };
    const page = { ...BACK, client: "page" } as const;
    const before = [{ ...requests("page", "i")[0], milliseconds: 2900 }, ...requests("page", "s", 4)];
    assert.equal(evaluated(page, { samples: before })[0], "met");
    const after = [...requests("page", "i"), { ...requests("page", "s", 4)[0], ...slow }];
    assert.equal(evaluated(page, { samples: after })[0], "not met");
  });

  it("is never inconclusive for a fact: lost writes, moves without a timeout, a missing takeover", () => {
    const busy = machine(0, 60, { cpuPercent: 100, loopDelayMs: 900 });
    assert.equal(evaluated({ kind: "nothing-lost" }, { machine: busy }, LOST)[0], "not met");
    assert.equal(evaluated({ kind: "taken-over" }, { machine: busy })[0], "not met");
    const changes = [...AND_BACK, change(25, "DNS", "singapore")];
    const once = { kind: "moves-at-most", times: 1 } as const;
    assert.equal(evaluated(once, { machine: busy, changes })[0], "not met");
    const early = { machine: busy, changes: [...AND_BACK, TAKEN], routing: [stored(21, "failback")] };
    assert.equal(evaluated({ kind: "gated" }, early)[0], "not met");
  });

  it("is inconclusive for a move after a health check's timeout on an overloaded machine only", () => {
    const silent = change(19, "Route 53 check of singapore's takeover", "not known: no answer");
    const changes = [...AND_BACK, TAKEN, silent];
    const routing = [stored(40, "failback")];
    const busy = machine(0, 60, { cpuPercent: 100 });
    const [verdict, figure] = evaluated({ kind: "gated" }, { changes, routing, machine: busy });
    assert.equal(verdict, "inconclusive");
    assert.match(figure, /too early; Route 53 check of singapore's takeover at 19\.0 s: not known/);
    assert.equal(evaluated({ kind: "gated" }, { changes, routing, machine: machine(0, 60) })[0], "not met");
  });

  const timeouts: Partial<Record<ClientName, () => Promise<unknown>>> = {
    writer: timedOutCall,
    page: timedOutWebUiRequest,
  };
  for (const [name, send] of Object.entries(timeouts))
    it(`is inconclusive when all failed requests of the client ${name} timed out on an overloaded machine`, async () => {
      const client = name as ClientName;
      const failure = await send().catch((error: unknown) => error);
      assert.ok(failure instanceof Error);
      const expected = { kind: "uninterrupted", client } as const;
      const busy = machine(0, 60, { cpuPercent: 100 });
      const timedOut = [
        ...requests(client, "iiii"),
        sample(client, 4, { ok: false, region: undefined, result: failure.message }),
      ];
      assert.equal(evaluated(expected, { samples: timedOut, machine: busy })[0], "inconclusive");
      assert.equal(evaluated(expected, { samples: requests(client, "iiix"), machine: busy })[0], "not met");
    });
});

/** Sends a request of the DNS client's kind to a server that never responds. */
async function timedOutCall(): Promise<unknown> {
  const server = createServer(() => undefined);
  const url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a region" })}/tickets`;
  return callApi({ method: "GET", url, limitMs: 20 }).finally(() => closeServer(server));
}

/** Sends a request of the web UI's client whose timeout ends at once. */
function timedOutWebUiRequest(): Promise<unknown> {
  const clock = {
    now: () => 0,
    after: (_delay: number, task: () => void) => {
      task();
      return () => undefined;
    },
  };
  const fetch = async (_url: string, { signal }: RequestInit) => Promise.reject(signal?.reason as Error);
  const api = { name: "ireland", code: "eu-west-1", url: "http://127.0.0.1" };
  return sendToRegion({ fetch, clock, timeoutMs: 4000 }, api, { method: "GET", path: "/tickets" }).response;
}
