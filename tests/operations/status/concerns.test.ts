import assert from "node:assert/strict";
import { concernsOf } from "../../../operations/status/concerns";
import { renderStatus } from "../../../operations/status/render";
import type { StatusReport } from "../../../operations/status/report";
import { healthyStatus } from "./healthy-status";

describe("concernsOf()", () => {
  it("reports the iterator age of a shard without a heartbeat, once", () => {
    const [there, back] = healthyStatus.replication;
    const concernsAt = (more: object): string[] =>
      concernsOf({ ...healthyStatus, replication: [{ ...there, ...more }, back] });
    assert.deepEqual(concernsAt({ iteratorAgeSeconds: { value: 119 } }), []);
    assert.deepEqual(concernsAt({ iteratorAgeSeconds: { problem: "away" } }), []);
    const late = { iteratorAgeSeconds: { value: 120 } };
    assert.deepEqual(concernsAt(late), [
      "The oldest record from ireland to singapore has waited for 120 s, in a shard without a heartbeat. Nothing is lost. Check the log of the function ireland-to-singapore.",
    ]);
    assert.match(concernsAt({ ...late, behindSeconds: { value: 120 } }).join(), /^[^,]*120 s behind[^,]*$/);
  });

  it("reports a heartbeat that stopped and a sentinel that does not probe", () => {
    const [there, back] = healthyStatus.replication;
    const [ireland, singapore] = healthyStatus.regions;
    const concernsWith = (sentinel: StatusReport["regions"][number]["sentinel"]): string[] =>
      concernsOf({
        ...healthyStatus,
        regions: [ireland, { ...singapore, sentinel }],
        replication: [{ ...there, heartbeatSecondsAgo: { value: 120 } }, back],
      });
    const stopped =
      "ireland wrote its last heartbeat 120 s ago, so the replication lag from ireland to singapore is unknown. Check that ireland accepts writes.";
    assert.deepEqual(concernsWith({ value: { lookedSecondsAgo: 149, healthySeconds: 4000 } }), [stopped]);
    assert.deepEqual(concernsWith({ value: { lookedSecondsAgo: 150, healthySeconds: 4000 } }), [
      "The last probe of the sentinel in singapore was 150 s ago. There is no automatic takeover.",
      stopped,
    ]);
    assert.match(concernsWith({ value: undefined })[0], /^The sentinel in singapore has never probed/);
    assert.deepEqual(concernsWith({ problem: "away" }), [stopped]);
  });

  it("uses shorter limits at a higher speed, with a lower limit", () => {
    const [there, back] = healthyStatus.replication;
    const late = (seconds: number, speed: number): number =>
      concernsOf({
        ...healthyStatus,
        speed,
        replication: [{ ...there, heartbeatSecondsAgo: { value: seconds } }, back],
      }).length;
    const quick = { value: 1 };
    const fresh = { ...back, behindSeconds: quick, heartbeatSecondsAgo: quick };
    assert.deepEqual(
      concernsOf({
        ...healthyStatus,
        speed: 10,
        replication: [{ ...there, heartbeatSecondsAgo: { value: 11 } }, fresh],
      }),
      [],
    );
    assert.ok(late(12, 10) > 0);
    assert.deepEqual([late(119, 1), late(120, 1)], [0, 1]);
  });

  it("states the next step for an unhealthy region", () => {
    const [ireland, singapore] = healthyStatus.regions;
    const gone = { health: { ok: false, reason: "ECONNREFUSED." }, takeover: { problem: "away." } };
    const first = (changes: Partial<StatusReport>): string => concernsOf({ ...healthyStatus, ...changes })[0];
    const irelandGone = [{ ...ireland, ...gone }, singapore];
    const what = "ireland does not respond: ECONNREFUSED.";
    assert.equal(
      first({ regions: irelandGone, failback: "gated" }),
      `${what} If this lasts, the sentinel of singapore takes over. To take over now: npm run takeover.`,
    );
    assert.match(
      first({ regions: irelandGone, failback: "automatic" }),
      /while this lasts\. To make it permanent: npm run takeover\.$/,
    );
    assert.equal(first({ regions: irelandGone, serving: "singapore" }), what);
    assert.equal(
      first({ regions: [ireland, { ...singapore, ...gone }] }),
      "singapore does not respond: ECONNREFUSED. No failover is possible until it is healthy.",
    );
    assert.equal(
      first({ regions: irelandGone, domain: undefined }),
      `${what} The web UI fails over to singapore by itself.`,
    );
    const slow = { ...ireland, health: { ok: false, reason: "it returned 503" } };
    assert.match(
      first({ regions: [slow, singapore] }),
      /^ireland is unhealthy: it returned 503\. If this lasts/,
    );
  });

  it("reports once that no region responds, without the consequences", () => {
    const gone = {
      health: { ok: false, reason: "ECONNREFUSED" },
      takeover: { problem: "away" },
      sentinel: { problem: "away" },
    };
    const unknown = { problem: "away" };
    const report: StatusReport = {
      ...healthyStatus,
      regions: healthyStatus.regions.map((region) => ({ ...region, ...gone })),
      replication: healthyStatus.replication.map((direction) => ({
        ...direction,
        behindSeconds: unknown,
        heartbeatSecondsAgo: unknown,
        quarantined: unknown,
        failures: unknown,
      })),
    };
    assert.deepEqual(concernsOf(report), [
      "No region responds: ireland: ECONNREFUSED; singapore: ECONNREFUSED. DNS resolves to the primary meanwhile. The region that returns first serves.",
    ]);
  });

  it("counts quarantined records and failed objects", () => {
    const [there, back] = healthyStatus.replication;
    const report = {
      ...healthyStatus,
      replication: [{ ...there, quarantined: { value: 2 }, failures: { value: 1 } }, back],
    };
    assert.deepEqual(concernsOf(report), [
      "2 records from ireland to singapore in quarantine. To replay: npm run redrive.",
      "1 object from ireland to singapore in the failure bucket. To replay: npm run redrive.",
    ]);
  });

  it("reports unknown numbers of quarantined records and failed objects", () => {
    const [there, back] = healthyStatus.replication;
    const problem = "AccessDenied";
    const report = {
      ...healthyStatus,
      replication: [{ ...there, quarantined: { problem }, failures: { problem } }, back],
    };
    assert.deepEqual(concernsOf(report), [
      "The number of quarantined records from ireland to singapore is unknown: AccessDenied.",
      "The number of objects in the failure bucket from ireland to singapore is unknown: AccessDenied.",
    ]);
  });

  it("reports a leftover takeover in the primary", () => {
    const [ireland, singapore] = healthyStatus.regions;
    const report = {
      ...healthyStatus,
      regions: [{ ...ireland, takeover: { value: { takeover: true } } }, singapore],
    };
    assert.match(concernsOf(report)[0], /^ireland is the primary, but holds a leftover takeover/);
  });

  it("reports missing DNS answers, but not without a domain", () => {
    const silent = {
      ...healthyStatus,
      serving: undefined,
      names: [{ name: "api.tickets.test", addresses: [] }],
    };
    assert.match(renderStatus(silent)[0], /DNS does not report which region serves$/);
    assert.match(renderStatus(silent).join("\n"), /api\.tickets\.test {2}no answer/);
    assert.deepEqual(concernsOf(silent), ["DNS does not report which region serves."]);
    const bare = { ...silent, domain: undefined, names: [], checks: undefined };
    assert.match(renderStatus(bare)[0], /no domain, so no DNS failover/);
    assert.deepEqual(concernsOf(bare), []);
    assert.doesNotMatch(renderStatus(bare).join("\n"), /Health checks/);
  });

  it("reports DNS answers that contradict the takeover", () => {
    const [ireland, singapore] = healthyStatus.regions;
    const taken = { ...singapore, takeover: { value: { takeover: true } } };
    const concerns = (serving: string, ...regions: StatusReport["regions"]): string[] =>
      concernsOf({ ...healthyStatus, serving, regions });
    assert.deepEqual(concerns("singapore", ireland, singapore), [
      "DNS resolves to singapore, which has not taken over. Route 53 moves clients back by itself, without checking that the other region has caught up. To prevent that: npm run takeover.",
    ]);
    assert.deepEqual(concerns("singapore", ireland, taken).slice(1), []);
    assert.match(
      concerns("ireland", ireland, taken)[1],
      /^singapore has taken over, but DNS resolves to ireland\. /,
    );
    const unknown = { ...singapore, takeover: { problem: "away" } };
    assert.equal(concerns("singapore", ireland, unknown).length, 1);
  });

  it("does not report a missing sentinel with automatic failback", () => {
    const [ireland, singapore] = healthyStatus.regions;
    const regions = [ireland, { ...singapore, sentinel: { value: undefined } }];
    assert.deepEqual(concernsOf({ ...healthyStatus, failback: "automatic", regions }), []);
    assert.equal(concernsOf({ ...healthyStatus, failback: "gated", regions }).length, 1);
  });

  it("reports unknown Route 53 checks, but not checks that were not requested", () => {
    const unasked = { ...healthyStatus, checks: undefined };
    assert.match(renderStatus(unasked).join("\n"), /Health checks\n {2}not requested: add --checks/);
    assert.deepEqual(concernsOf(unasked), []);
    const away = { ...healthyStatus, checks: { problem: "no aws" } };
    assert.match(renderStatus(away).join("\n"), /Health checks\n {2}unknown \(no aws\)/);
    assert.deepEqual(concernsOf(away), ["The state of Route 53's health checks is unknown: no aws."]);
  });
});
