import assert from "node:assert/strict";
import { meaningOf } from "../../../local/console/dns-and-health-checks";

const TAKEOVER = {
  target: "https://singapore.tickets.test:443/routing",
  kind: "endpoint",
  inverted: true,
} as const;
const HEALTH = {
  target: "https://ireland.tickets.test:443/health",
  kind: "endpoint",
  inverted: false,
} as const;
const SERVES = {
  target: "2 of routing-ireland, routing-singapore-takeover",
  kind: "calculated",
  inverted: false,
} as const;

describe("meaningOf", () => {
  it("returns a region's health, and whether it may be the primary", () => {
    assert.deepEqual(meaningOf({ ...HEALTH, healthy: true }), { about: "health", means: "healthy" });
    assert.deepEqual(meaningOf({ ...HEALTH, healthy: false }), { about: "health", means: "unhealthy" });
    assert.deepEqual(meaningOf({ ...SERVES, healthy: true }), { about: "role", means: "fit as primary" });
    assert.deepEqual(meaningOf({ ...SERVES, healthy: false }), {
      about: "role",
      means: "not fit as primary",
    });
  });

  it("returns for an inverted check whether a region has taken over, and marks a missing response as unknown", () => {
    for (const [healthy, lastResult, means] of [
      [false, "200, matched", "taken over"],
      [true, "200, string not found", "not taken over"],
      [true, "connection refused", "not known, counts as not taken over"],
      [true, "503", "not known, counts as not taken over"],
      [false, "not checked yet", "not known yet, counts as taken over"],
      [false, undefined, "not known yet, counts as taken over"],
    ] as const)
      assert.deepEqual(meaningOf({ ...TAKEOVER, healthy, lastResult }), { about: "takeover", means });
  });
});
