import type { Expectation, Scenario, Step } from "./scenario";

/** Expectations of every scenario. */
const ALWAYS: readonly Expectation[] = [{ kind: "nothing-lost" }, { kind: "ends-on-primary" }];

/** Three health checks at ten seconds each, then the 60 s of the answer's TTL. */
const DNS_SECONDS = 90;
/** The web UI sends a read to the other region as well after a second without a response. */
const WEB_UI_SECONDS = 2;
/** It does so with a write after three seconds. A region that is slow answers none earlier. */
const SLOW_WEB_UI = { seconds: 4 };
/** Three health checks wait 2 s each for a timeout, and the last request of a client waits 5 s. */
const SLOW_SECONDS = 11;

/** Expectations when the primary's endpoint fails for a while. */
const FAILOVER: readonly Expectation[] = [
  ...ALWAYS,
  { kind: "dns-moves" },
  { kind: "moves-at-most", times: 1 },
  { kind: "taken-over" },
  { kind: "client-moves", client: "page" },
  { kind: "gated" },
  { kind: "back-within", client: "writer", seconds: DNS_SECONDS },
  { kind: "back-within", client: "reader", seconds: DNS_SECONDS },
  { kind: "back-within", client: "page", seconds: WEB_UI_SECONDS },
];

/** Waits until the secondary serves and has taken over, then repairs the primary. */
const FAIL_OVER_THEN_REPAIR: readonly Step[] = [
  { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
  { do: "until", condition: "taken-over", withinSeconds: 60 },
  { do: "wait", seconds: 20 },
  { do: "repair", role: "primary" },
];

/** All scenarios. The first is the default on the local cloud. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "region-down",
    title: "The primary region stops and returns",
    steps: [{ do: "break", role: "primary", state: "down" }, ...FAIL_OVER_THEN_REPAIR],
    expects: FAILOVER,
  },
  {
    name: "api-down",
    title: "The primary's API returns 503; its database and replication continue",
    steps: [{ do: "break", role: "primary", state: "api-down" }, ...FAIL_OVER_THEN_REPAIR],
    expects: FAILOVER,
  },
  {
    name: "database-throttled",
    title: "The primary's database throttles every call",
    steps: [{ do: "break", role: "primary", state: "throttled" }, ...FAIL_OVER_THEN_REPAIR],
    expects: FAILOVER,
  },
  {
    name: "health-lies",
    title: "The primary reports healthy while every write fails, until an operator takes over",
    steps: [
      { do: "break", role: "primary", state: "writes-fail" },
      { do: "wait", seconds: 60 },
      { do: "takeover" },
      { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
      { do: "wait", seconds: 20 },
      { do: "repair", role: "primary" },
    ],
    expects: [
      ...ALWAYS,
      // Health checks do not detect this fault: DNS stays until the operator acts.
      { kind: "dns-stays" },
      { kind: "dns-moves" },
      { kind: "taken-over" },
      { kind: "gated" },
      { kind: "uninterrupted", client: "reader" },
      // 60 s before the operator acts, then the 90 s of a takeover.
      { kind: "back-within", client: "writer", seconds: 150 },
    ],
  },
  {
    name: "replication-cut-then-region-down",
    title: "Replication is cut, then the primary stops with writes that only it has",
    steps: [
      { do: "break", role: "primary", state: "isolated" },
      { do: "wait", seconds: 20 },
      { do: "break", role: "primary", state: "down" },
      ...FAIL_OVER_THEN_REPAIR,
    ],
    expects: [...FAILOVER, { kind: "some-late" }],
  },
  {
    name: "both-down",
    title: "Both regions stop: DNS continues to resolve to the primary, as designed",
    steps: [
      // The secondary stops first, long enough for Route 53 to detect it: then no region can take over.
      { do: "break", role: "secondary", state: "down" },
      { do: "wait", seconds: 60 },
      { do: "break", role: "primary", state: "down" },
      { do: "wait", seconds: 60 },
      { do: "repair", role: "primary" },
      { do: "until", condition: "clients-on-primary", withinSeconds: 120 },
      { do: "repair", role: "secondary" },
    ],
    expects: [...ALWAYS, { kind: "dns-stays" }, { kind: "moves-at-most", times: 0 }],
  },
  {
    name: "flapping",
    title: "The primary stops and returns repeatedly",
    steps: [
      {
        do: "flap",
        role: "primary",
        state: "down",
        times: 3,
        // Health checks fail after 30 s: some outages are long enough for that, others are not.
        brokenSeconds: [20, 60],
        healthySeconds: [20, 60],
      },
    ],
    expects: [...ALWAYS, { kind: "moves-at-most", times: 1 }, { kind: "gated" }],
  },
  {
    name: "slow-region",
    title: "The primary is slow: its API by three seconds, its database by one",
    steps: [{ do: "break", role: "primary", state: "slow" }, ...FAIL_OVER_THEN_REPAIR],
    expects: FAILOVER.map((expected) =>
      expected.kind === "back-within"
        ? { ...expected, ...(expected.client === "page" ? SLOW_WEB_UI : { undividedSeconds: SLOW_SECONDS }) }
        : expected,
    ),
  },
  {
    name: "takeover",
    title: "An operator takes over from a healthy primary; nothing is broken",
    steps: [
      { do: "takeover" },
      { do: "until", condition: "all-clients-on-secondary", withinSeconds: 150 },
      { do: "wait", seconds: 20 },
    ],
    expects: [
      ...ALWAYS,
      { kind: "dns-moves" },
      { kind: "taken-over" },
      { kind: "moves-at-most", times: 1 },
      { kind: "gated" },
      { kind: "uninterrupted", client: "writer" },
      { kind: "uninterrupted", client: "page" },
      { kind: "client-moves", client: "page" },
    ],
  },
  {
    name: "replication-paused-then-takeover",
    title: "Replication is paused during a takeover: the last writes arrive when it resumes",
    steps: [
      { do: "break", role: "primary", state: "isolated" },
      { do: "wait", seconds: 20 },
      { do: "takeover" },
      { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
      { do: "repair", role: "primary" },
      { do: "until", condition: "replicated", withinSeconds: 120 },
    ],
    expects: [
      ...ALWAYS,
      { kind: "some-late" },
      { kind: "dns-moves" },
      { kind: "taken-over" },
      { kind: "moves-at-most", times: 1 },
      { kind: "gated" },
      { kind: "uninterrupted", client: "writer" },
    ],
  },
];
