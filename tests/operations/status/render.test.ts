import assert from "node:assert/strict";
import { renderStatus } from "../../../operations/status/render";
import { concernsOf } from "../../../operations/status/concerns";
import type { StatusReport } from "../../../operations/status/report";
import { AT, healthyStatus } from "./healthy-status";

describe("Output of npm run status", () => {
  it("starts with the serving region and ends with the verdict", () => {
    const lines = renderStatus(healthyStatus);
    assert.equal(lines[0], `ireland, ${AT}: DNS resolves to ireland, the primary`);
    assert.equal(lines.at(-1), "No problems detected (read-only checks).");
    assert.deepEqual(concernsOf(healthyStatus), []);
    assert.ok(
      lines.includes(
        "  ireland -> singapore  in sync, last heartbeat 12 s ago       0 in quarantine (up to 60 s ago)  0 in failure bucket",
      ),
    );
    assert.ok(
      lines.some((line) => line.includes("sentinel: the other region healthy for 4000 s, probed 3 s ago")),
    );
    for (const line of lines) assert.equal(line, line.trimEnd());
  });

  it("lists every concern with the next step", () => {
    const [ireland, singapore] = healthyStatus.regions;
    const event = {
      region: "singapore",
      what: "takeover",
      by: "sentinel",
      at: AT,
      reason: "ireland: it failed",
    } as const;
    const report: StatusReport = {
      ...healthyStatus,
      serving: "singapore",
      regions: [
        { ...ireland, health: { ok: false, reason: "ECONNREFUSED" }, takeover: { problem: "TimeoutError" } },
        { ...singapore, takeover: { value: { takeover: true, by: "sentinel", at: AT, reason: "fire" } } },
      ],
      replication: [
        {
          ...healthyStatus.replication[0],
          quarantined: { value: 2 },
          failures: { value: 1 },
          behindSeconds: { problem: "away" },
          heartbeatSecondsAgo: { problem: "away" },
        },
        { ...healthyStatus.replication[1], behindSeconds: { value: 120 } },
      ],
      events: [event],
    };
    assert.deepEqual(concernsOf(report), [
      "ireland does not respond: ECONNREFUSED.",
      "singapore has taken over. When ireland is healthy, return service: npm run failback.",
      "Replication from singapore to ireland is 120 s behind. Nothing is lost. Check the health of ireland and the log of the function singapore-to-ireland.",
    ]);
    const text = renderStatus(report).join("\n");
    assert.match(text, /^ireland, .*: DNS resolves to singapore, the secondary\n/);
    assert.match(text, /UNHEALTHY \(ECONNREFUSED\)/);
    assert.match(text, new RegExp(`TAKEN OVER by sentinel, ${AT}`));
    assert.match(text, /Last events\n {2}2025.* singapore {2}takeover {2}sentinel {2}ireland: it failed/);
    assert.match(text, /!! ireland does not respond/);
  });
});
