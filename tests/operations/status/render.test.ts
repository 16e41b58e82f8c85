import assert from "node:assert/strict";
import { renderStatus } from "../../../operations/status/render";
import { concernsOf, type StatusReport } from "../../../operations/status/report";

const AT = "2025-11-23T13:20:00.000Z";
const none = { value: { takeover: false } };
const well: StatusReport = {
  stack: "ireland",
  at: AT,
  domain: "tickets.test",
  serving: "ireland",
  names: [{ name: "api.tickets.test", addresses: ["192.0.2.1"] }],
  regions: [
    {
      name: "ireland",
      code: "eu-west-1",
      role: "primary",
      health: { ok: true },
      takeover: none,
      sentinel: { value: undefined },
    },
    {
      name: "singapore",
      code: "ap-southeast-1",
      role: "secondary",
      health: { ok: true },
      takeover: none,
      sentinel: { value: { lookedSecondsAgo: 3, healthySeconds: 4000 } },
    },
  ],
  replication: [
    {
      from: "ireland",
      to: "singapore",
      behindSeconds: { value: 0 },
      heartbeatSecondsAgo: { value: 12 },
      quarantined: { value: 0 },
      failures: { value: 0 },
    },
    {
      from: "singapore",
      to: "ireland",
      behindSeconds: { value: 60 },
      heartbeatSecondsAgo: { value: 119 },
      quarantined: { value: 0 },
      failures: { value: 0 },
    },
  ],
  checks: { value: [{ name: "routing-ireland", healthy: true, lastResult: "200, matched" }] },
  events: [],
};

describe("The status", () => {
  it("says at its head who serves, and at its end that all is well", () => {
    const lines = renderStatus(well);
    assert.equal(lines[0], `ireland, ${AT}: ireland serves, the primary`);
    assert.equal(lines.at(-1), "All is well.");
    assert.deepEqual(concernsOf(well), []);
    assert.ok(
      lines.includes(
        "  ireland -> singapore  in step, last heartbeat 12 s ago       0 in quarantine  0 failures",
      ),
    );
    assert.ok(lines.some((line) => line.includes("its sentinel saw the other well for 4000 s, 3 s ago")));
    for (const line of lines) assert.equal(line, line.trimEnd());
  });

  it("names everything that needs attention, with what to do", () => {
    const [ireland, singapore] = well.regions;
    const event = {
      region: "singapore",
      what: "takeover",
      by: "sentinel",
      at: AT,
      reason: "ireland: it failed",
    } as const;
    const report: StatusReport = {
      ...well,
      serving: "singapore",
      regions: [
        { ...ireland, health: { ok: false, reason: "ECONNREFUSED" }, takeover: { problem: "TimeoutError" } },
        { ...singapore, takeover: { value: { takeover: true, by: "sentinel", at: AT, reason: "fire" } } },
      ],
      replication: [
        {
          ...well.replication[0],
          quarantined: { value: 2 },
          failures: { value: 1 },
          behindSeconds: { problem: "away" },
          heartbeatSecondsAgo: { problem: "away" },
        },
        { ...well.replication[1], behindSeconds: { value: 120 } },
      ],
      events: [event],
    };
    assert.deepEqual(concernsOf(report), [
      "ireland is not well: ECONNREFUSED.",
      "Whether ireland has taken over is not known: TimeoutError.",
      "singapore has taken over; npm run failback returns service.",
      "How far ireland to singapore is behind is not known: away.",
      "2 records from ireland to singapore are in quarantine; npm run redrive.",
      "1 failures from ireland to singapore are stored; npm run redrive.",
      "Replication from singapore to ireland is behind.",
    ]);
    const text = renderStatus(report).join("\n");
    assert.match(text, /^ireland, .*: singapore serves, the secondary\n/);
    assert.match(text, /NOT WELL \(ECONNREFUSED\)/);
    assert.match(text, new RegExp(`TAKEN OVER by sentinel, ${AT}`));
    assert.match(text, /Last events\n {2}2025.* singapore {2}takeover {2}sentinel {2}ireland: it failed/);
    assert.match(text, /!! ireland is not well/);
  });

  it("does not take silence for health: neither a heartbeat that stopped nor a sentinel that does not look", () => {
    const [there, back] = well.replication;
    const [ireland, singapore] = well.regions;
    const concernsWith = (sentinel: StatusReport["regions"][number]["sentinel"]): string[] =>
      concernsOf({
        ...well,
        regions: [ireland, { ...singapore, sentinel }],
        replication: [{ ...there, heartbeatSecondsAgo: { value: 120 } }, back],
      });
    const stopped =
      "ireland wrote its last heartbeat 120 s ago: whether ireland to singapore is in step is not known.";
    assert.deepEqual(concernsWith({ value: { lookedSecondsAgo: 149, healthySeconds: 4000 } }), [stopped]);
    assert.deepEqual(concernsWith({ value: { lookedSecondsAgo: 150, healthySeconds: 4000 } }), [
      "The sentinel of singapore looked 150 s ago for the last time: nobody takes over by itself.",
      stopped,
    ]);
    assert.match(concernsWith({ value: undefined })[0], /^The sentinel of singapore has never looked/);
    assert.deepEqual(concernsWith({ problem: "away" }), [stopped]);
  });

  it("does not say that all is well when nobody knows what was set aside", () => {
    const [there, back] = well.replication;
    const problem = "AccessDenied";
    const report = {
      ...well,
      replication: [{ ...there, quarantined: { problem }, failures: { problem } }, back],
    };
    assert.deepEqual(concernsOf(report), [
      "What ireland to singapore has in quarantine is not known: AccessDenied.",
      "What ireland to singapore stored as failures is not known: AccessDenied.",
    ]);
  });

  it("says that a takeover is left in the region that is the primary now", () => {
    const [ireland, singapore] = well.regions;
    const report = { ...well, regions: [{ ...ireland, takeover: { value: { takeover: true } } }, singapore] };
    assert.match(concernsOf(report)[0], /^ireland is the primary, but a takeover is left in it/);
  });

  it("says so when DNS does not answer, and when there is no domain", () => {
    const silent = { ...well, serving: undefined, names: [{ name: "api.tickets.test", addresses: [] }] };
    assert.match(renderStatus(silent)[0], /DNS does not say which region serves$/);
    assert.match(renderStatus(silent).join("\n"), /api\.tickets\.test {2}no answer/);
    assert.deepEqual(concernsOf(silent), ["DNS does not say which region serves."]);
    const bare = { ...silent, domain: undefined, names: [], checks: undefined };
    assert.match(renderStatus(bare)[0], /no domain, so no failover by DNS/);
    assert.deepEqual(concernsOf(bare), []);
    assert.doesNotMatch(renderStatus(bare).join("\n"), /Health checks/);
  });

  it("says so when DNS leads elsewhere than the takeover would have it", () => {
    const [ireland, singapore] = well.regions;
    const taken = { ...singapore, takeover: { value: { takeover: true } } };
    const concerns = (serving: string, ...regions: StatusReport["regions"]): string[] =>
      concernsOf({ ...well, serving, regions });
    assert.deepEqual(concerns("singapore", ireland, singapore), [
      "singapore serves, but has not taken over: Route 53 moves the clients back by itself, caught up or not. To make it last: npm run takeover.",
    ]);
    assert.deepEqual(concerns("singapore", ireland, taken).slice(1), []);
    assert.match(
      concerns("ireland", ireland, taken)[1],
      /^singapore has taken over, but DNS leads to ireland: /,
    );
    const unknown = { ...singapore, takeover: { problem: "away" } };
    assert.deepEqual(concerns("singapore", ireland, unknown).length, 1);
  });

  it("misses no sentinel where failback is automatic, because there is none", () => {
    const [ireland, singapore] = well.regions;
    const regions = [ireland, { ...singapore, sentinel: { value: undefined } }];
    assert.deepEqual(concernsOf({ ...well, failback: "automatic", regions }), []);
    assert.equal(concernsOf({ ...well, failback: "gated", regions }).length, 1);
  });

  it("says that nobody asked for Route 53's checks, or why they are not known", () => {
    const unasked = { ...well, checks: undefined };
    assert.match(renderStatus(unasked).join("\n"), /Health checks\n {2}not asked: .* add --checks/);
    assert.deepEqual(concernsOf(unasked), []);
    const away = { ...well, checks: { problem: "no aws" } };
    assert.match(renderStatus(away).join("\n"), /Health checks\n {2}not known \(no aws\)/);
    assert.deepEqual(concernsOf(away), ["What Route 53's checks find is not known: no aws."]);
  });
});
