/**
 * What a region does:
 * - `up`: everything works.
 * - `down`: nothing answers and nothing runs; what was stored stays.
 * - `isolated`: serves its own clients, but reaches no other region and is reached by none (replication is cut).
 * - `api-down`: its API answers 503 to everything; its database, its page and replication go on.
 * - `throttled`: its DynamoDB refuses every call of a function for being too many.
 * - `writes-fail`: its DynamoDB answers reads and takes the canary's writes, so its health is good; it fails all other writes.
 * - `slow`: every answer of its API is 3 seconds late, every answer of its DynamoDB to a function 1 second.
 */
export type RegionState = "up" | "down" | "isolated" | "api-down" | "throttled" | "writes-fail" | "slow";

/** How one part of a region answers. */
interface PartBehaviour {
  /** Milliseconds by which every answer is late. */
  readonly delayMs?: number;
  /** Which requests are refused; none by default. */
  readonly rejects?: "everything" | "writes";
}

/** What a state does to a region. */
interface StateEffects {
  /** What happened, for the timeline; the region's name stands in front. */
  readonly text: string;
  /** Whether calls cross between this region and the other. */
  readonly crossRegionCalls: boolean;
  readonly api: PartBehaviour;
  /** As functions see it; people and the console are not refused. */
  readonly database: PartBehaviour;
}

const NORMAL: PartBehaviour = {};

const EFFECTS: Readonly<Record<RegionState, StateEffects>> = {
  up: { text: "is up", crossRegionCalls: true, api: NORMAL, database: NORMAL },
  down: { text: "is stopped", crossRegionCalls: false, api: NORMAL, database: NORMAL },
  isolated: {
    text: "is isolated: replication is cut",
    crossRegionCalls: false,
    api: NORMAL,
    database: NORMAL,
  },
  "api-down": {
    text: "returns 503 for every API request",
    crossRegionCalls: true,
    api: { rejects: "everything" },
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
  slow: {
    text: "is slow: API by 3 s, database by 1 s",
    crossRegionCalls: true,
    api: { delayMs: 3000 },
    database: { delayMs: 1000 },
  },
};

/** Every state that a region can be put into. */
export const REGION_STATES = Object.keys(EFFECTS) as readonly RegionState[];

/** What a state does. */
export function effectsOf(state: RegionState): StateEffects {
  return EFFECTS[state];
}
