import type { Expectation } from "../scenario";

/** What holds for every drill. */
export const ALWAYS: readonly Expectation[] = [{ kind: "nothing-lost" }, { kind: "ends-on-primary" }];

/** Three checks at ten seconds each, then the sixty seconds of the answer's TTL. */
const DNS_SECONDS = 90;
/** A request that is silent for a second is sent to the other region too. */
const PAGE_SECONDS = 2;

/** What holds when the primary's endpoint fails for a while. */
export const FAILOVER: readonly Expectation[] = [
  ...ALWAYS,
  { kind: "dns-moves" },
  { kind: "moves-at-most", times: 1 },
  { kind: "taken-over" },
  { kind: "client-moves", client: "page" },
  { kind: "gated" },
  { kind: "back-within", client: "writer", seconds: DNS_SECONDS },
  { kind: "back-within", client: "reader", seconds: DNS_SECONDS },
  { kind: "back-within", client: "page", seconds: PAGE_SECONDS },
];
