import type { Expectation } from "../scenario";

/** What holds for every drill. */
export const ALWAYS: readonly Expectation[] = [{ kind: "nothing-lost" }, { kind: "ends-on-primary" }];

/** Three checks at ten seconds each, then the sixty seconds of the answer's TTL. */
const DNS_SECONDS = 90;
/** A request's limit of one second, asked once more of the other region. */
const PAGE_SECONDS = 3;

/** What holds when the primary's endpoint fails for a while. */
export const FAILOVER: readonly Expectation[] = [
  ...ALWAYS,
  { kind: "dns-moves" },
  { kind: "moves-at-most", times: 1 },
  { kind: "gated" },
  { kind: "back-within", client: "writer", seconds: DNS_SECONDS },
  { kind: "back-within", client: "reader", seconds: DNS_SECONDS },
  { kind: "back-within", client: "page", seconds: PAGE_SECONDS },
];
