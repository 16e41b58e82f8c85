/**
 * State of a region:
 * - `up`: everything works.
 * - `down`: nothing responds and nothing runs; stored data stays.
 * - `isolated`: serves its own clients; no call crosses between it and the other region, so replication is cut.
 * - `unreachable`: as `isolated`, but calls between the regions get no answer instead of an error.
 * - `api-down`: the API returns 503 to every request; the database, the web UI and replication continue.
 * - `throttled`: DynamoDB throttles every call of a function.
 * - `writes-fail`: DynamoDB accepts reads and the health check's write, so the region looks healthy; all other writes fail.
 * - `silent`: the API and the buckets, as clients see them, accept requests and never answer; functions and the database continue.
 * - `writes-unanswered`: DynamoDB applies every write of a function and responds only to those of the health check.
 * - `api-writes-unanswered`: the function of each write runs, and the API returns 503 in place of its response.
 * - `dead-address`: one of the two addresses of its endpoints, which DNS returns first, refuses connections; all else works.
 * - `slow`: the API responds 3 seconds late, DynamoDB responds 1 second late to functions.
 */
export type RegionState =
  | "up"
  | "down"
  | "isolated"
  | "unreachable"
  | "api-down"
  | "silent"
  | "throttled"
  | "writes-fail"
  | "dead-address"
  | "writes-unanswered"
  | "api-writes-unanswered"
  | "slow";

/** Behavior of one part of a region. */
interface PartBehavior {
  /** Delay of every response in milliseconds. */
  readonly delayMs?: number;
  /** Requests that are rejected; none by default. */
  readonly rejects?: "everything" | "writes";
  /** Requests that take effect and whose response the caller does not receive; none by default. */
  readonly leavesUnanswered?: "writes";
}

/** Effects of a state on a region. */
interface StateEffects {
  /** Description for the timeline; it follows the region's name. */
  readonly text: string;
  /** Whether calls cross between this region and the other. */
  readonly crossRegionCalls: boolean;
  /** Whether requests of clients to the API and the buckets get no answer. */
  readonly isSilent?: boolean;
  /** Whether DNS also returns an address of the region that refuses connections. */
  readonly hasDeadAddress?: boolean;
  /** Whether calls that cross are accepted and never answered. */
  readonly unanswered?: boolean;
  readonly api: PartBehavior;
  /** DynamoDB as functions see it; other clients are not affected. */
  readonly database: PartBehavior;
}

const NORMAL: PartBehavior = {};

const EFFECTS: Readonly<Record<RegionState, StateEffects>> = {
  up: { text: "is up", crossRegionCalls: true, api: NORMAL, database: NORMAL },
  down: { text: "is stopped", crossRegionCalls: false, api: NORMAL, database: NORMAL },
  isolated: {
    text: "is isolated: replication is cut",
    crossRegionCalls: false,
    api: NORMAL,
    database: NORMAL,
  },
  unreachable: {
    text: "is unreachable: calls between the regions are not answered",
    crossRegionCalls: true,
    unanswered: true,
    api: NORMAL,
    database: NORMAL,
  },
  "api-down": {
    text: "returns 503 for every API request",
    crossRegionCalls: true,
    api: { rejects: "everything" },
    database: NORMAL,
  },
  silent: {
    text: "accepts requests and never answers",
    crossRegionCalls: true,
    isSilent: true,
    api: NORMAL,
    database: NORMAL,
  },
  throttled: {
    text: "throttles every database call of its functions",
    crossRegionCalls: true,
    api: NORMAL,
    database: { rejects: "everything" },
  },
  "writes-fail": {
    text: "fails every write except the health check's",
    crossRegionCalls: true,
    api: NORMAL,
    database: { rejects: "writes" },
  },
  "dead-address": {
    text: "has two addresses, of which the first is dead",
    crossRegionCalls: true,
    hasDeadAddress: true,
    api: NORMAL,
    database: NORMAL,
  },
  "writes-unanswered": {
    text: "applies writes and responds only to the health check's",
    crossRegionCalls: true,
    api: NORMAL,
    database: { leavesUnanswered: "writes" },
  },
  "api-writes-unanswered": {
    text: "runs the function of each write and returns 503",
    crossRegionCalls: true,
    api: { leavesUnanswered: "writes" },
    database: NORMAL,
  },
  slow: {
    text: "is slow: API by 3 s, database by 1 s",
    crossRegionCalls: true,
    api: { delayMs: 3000 },
    database: { delayMs: 1000 },
  },
};

/** All states of a region. */
export const REGION_STATES = Object.keys(EFFECTS) as readonly RegionState[];

/** Returns the effects of a state. */
export function effectsOf(state: RegionState): StateEffects {
  return EFFECTS[state];
}
