import type { StatusReport } from "../../../operations/status/report";

export const AT = "2025-11-23T13:20:00.000Z";
const none = { value: { takeover: false } };
/** A system in which nothing needs attention. */
export const healthyStatus: StatusReport = {
  stack: "ireland",
  at: AT,
  speed: 1,
  countLagSeconds: 60,
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
  checks: {
    value: [{ name: "routing-ireland", healthy: true, means: "healthy", lastResult: "200, matched" }],
  },
  events: [],
};
