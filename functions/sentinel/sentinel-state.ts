import { revisionOf, RoutingItem } from "../routing/routing-item";

/** Observations of the other region by a region's sentinel. Times are milliseconds since 1970 by the sentinel's clock. */
export interface SentinelState {
  readonly id: string;
  /** Invocation that watches. An older one that finds another runner ends. */
  readonly runner: string;
  /** Alias of the primary by the last response of Route 53. */
  readonly primary?: string;
  /** Time of the last probe. */
  readonly probedAt?: number;
  /** Start of the current series of successful probes; absent while they fail. */
  readonly healthySince?: number;
  /** Start of the current series of failed probes; absent while they succeed. */
  readonly failingSince?: number;
  /** Failed probes in a row. */
  readonly failures: number;
  /** Times of the last two failed probes, the newer one last. Successful ones may lie between. */
  readonly failedAt?: readonly number[];
  /** Revision of the routing item at the last probe. */
  readonly revision?: number;
  /** Revision of the routing item at the last successful probe; absent before the first one. */
  readonly wellRevision?: number;
}

/** Minimum number of failed probes, however short the configured time. */
const MINIMUM_FAILURES = 3;
/** Maximum interval between probes: the interval of Route 53's health checks. */
const LONGEST_INTERVAL_MS = 10_000;
/** Minimum number of recent failed probes if Route 53 has already failed over: a single one can fail by chance. */
const FAILURES_BESIDE_ROUTE_53 = 2;
/** Time for which a failed probe is evidence for a failover that Route 53 has started, in milliseconds. */
const RECENT_MS = 60_000;

/** Timing of a sentinel. */
export interface SentinelTiming {
  /** Time for which every probe must have failed, in milliseconds. */
  readonly takeoverAfterMs: number;
  /** Interval between the starts of two probes, in milliseconds. */
  readonly intervalMs: number;
}

/**
 * Returns the timing of a sentinel, with at least three probes before a takeover.
 * @param takeoverAfterSeconds 1 to 3600.
 */
export function sentinelTiming(takeoverAfterSeconds: number): SentinelTiming {
  const takeoverAfterMs = takeoverAfterSeconds * 1000;
  return { takeoverAfterMs, intervalMs: Math.min(takeoverAfterMs / MINIMUM_FAILURES, LONGEST_INTERVAL_MS) };
}

/** Result of one probe. */
export interface Observation {
  readonly ok: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Routing item of the sentinel's own region at that time. */
  readonly item: RoutingItem | undefined;
}

/** Returns the state after a probe. */
export function observed(
  before: SentinelState,
  { ok, now, item }: Observation,
  { intervalMs }: SentinelTiming,
): SentinelState {
  const revision = revisionOf(item);
  const state = { ...stillValid(before, now, item, intervalMs), probedAt: now, revision };
  if (ok)
    return {
      ...state,
      healthySince: state.healthySince ?? now,
      wellRevision: revision,
      failingSince: undefined,
      failures: 0,
    };
  return {
    ...state,
    healthySince: undefined,
    failingSince: state.failingSince ?? now,
    failures: state.failures + 1,
    failedAt: isForgiven(state, item)
      ? undefined
      : [...(state.failedAt ?? []), now].slice(-FAILURES_BESIDE_ROUTE_53),
  };
}

/** Returns the observations that are still valid: none after a gap in the probes, and no failures from before a failback. */
function stillValid(
  state: SentinelState,
  now: number,
  item: RoutingItem | undefined,
  intervalMs: number,
): SentinelState {
  const { id, runner, primary, wellRevision, healthySince, probedAt, revision } = state;
  const isGap = probedAt !== undefined && now - probedAt > Math.max(RECENT_MS, 3 * intervalMs);
  // With a time in the future, the configured time would never be over.
  const isAhead = [probedAt, healthySince, state.failingSince, ...(state.failedAt ?? [])].some(
    (time) => time !== undefined && time > now + RECENT_MS,
  );
  if (isGap || isAhead) return { id, runner, primary, wellRevision, failures: 0 };
  const isReturned = item?.takeover === false && revision !== undefined && revision !== item.revision;
  return isReturned ? { id, runner, primary, wellRevision, healthySince, failures: 0 } : state;
}

/** Evidence for the decision whether to take over. */
export interface TakeoverEvidence extends Omit<Observation, "ok"> {
  readonly state: SentinelState;
  /** Whether Route 53 routes clients to this region. */
  readonly isServing: boolean;
}

/**
 * Returns the reason to take over now; undefined if there is none. It is that every probe failed for the configured time, or that
 * Route 53 has already failed over while probes failed: only a takeover then prevents an ungated failback.
 */
export function takeoverReason(
  { state, item, isServing, now }: TakeoverEvidence,
  { takeoverAfterMs }: SentinelTiming,
): string | undefined {
  if (item?.takeover) return undefined;
  if (isForgiven(state, item)) return undefined;
  const { failingSince, failures, failedAt = [] } = state;
  if (failingSince !== undefined && failures >= MINIMUM_FAILURES && now - failingSince >= takeoverAfterMs)
    return `all ${failures} probes within ${Math.round((now - failingSince) / 1000)} s failed`;
  const recent = failedAt.filter((time) => now - time <= RECENT_MS);
  if (isServing && recent.length >= FAILURES_BESIDE_ROUTE_53)
    return "Route 53 had already failed over, and probes from this region failed too";
  return undefined;
}

/**
 * Returns whether failures are ignored, until the other region was healthy once: in the first deployment, which creates the
 * sentinel before everything that it probes, and after a forced failback.
 */
function isForgiven({ wellRevision }: SentinelState, item: RoutingItem | undefined): boolean {
  if (wellRevision === undefined) return true;
  return item?.events.at(-1)?.what === "forced failback" && wellRevision !== item.revision;
}
