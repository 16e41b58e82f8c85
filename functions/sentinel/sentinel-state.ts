import { revisionOf, RoutingItem } from "../routing/routing-item";

/** What a region's sentinel knows of the other region. Times are milliseconds since 1970 by the sentinel's clock. */
export interface SentinelState {
  readonly id: string;
  /** The invocation that watches now; an older one that sees another's name ends. */
  readonly runner: string;
  /** Nickname of the primary when Route 53 last told it. */
  readonly primary?: string;
  /** When the other region was probed last. */
  readonly probedAt?: number;
  /** Since when every probe found it well; absent while it fails. */
  readonly healthySince?: number;
  /** Since when every probe failed; absent while it is well. */
  readonly failingSince?: number;
  /** Failed probes in a row. */
  readonly failures: number;
  /** When the last two probes failed that did, the newer one at the end; good ones may lie between. */
  readonly failedAt?: readonly number[];
  /** The routing item's revision at the last probe. */
  readonly revision?: number;
  /** The routing item's revision at the last probe that was good. */
  readonly wellRevision?: number;
}

/** So many probes must fail, however short the configured time. */
const MINIMUM_FAILURES = 3;
/** As often as Route 53 asks, however long the configured time. */
const LONGEST_INTERVAL_MS = 10_000;
/** So many must have failed of late where Route 53 has moved the clients: a single one can fail by chance. */
const FAILURES_BESIDE_ROUTE_53 = 2;
/** How long failed probes speak for a failover that Route 53 has begun, in milliseconds. */
const RECENT_MS = 60_000;

/** What the sentinel goes by. */
export interface SentinelTiming {
  /** How long every probe must have failed, in milliseconds. */
  readonly takeoverAfterMs: number;
  /** Between the beginnings of two probes, in milliseconds. */
  readonly intervalMs: number;
}

/** At least three probes within the time after which the sentinel takes over. @param takeoverAfterSeconds 1 to 3600. */
export function sentinelTiming(takeoverAfterSeconds: number): SentinelTiming {
  const takeoverAfterMs = takeoverAfterSeconds * 1000;
  return { takeoverAfterMs, intervalMs: Math.min(takeoverAfterMs / MINIMUM_FAILURES, LONGEST_INTERVAL_MS) };
}

/** The result of one probe. */
export interface Observation {
  readonly ok: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The region's own routing item at that time. */
  readonly item: RoutingItem | undefined;
}

/** Takes the result of one probe. */
export function observed(
  before: SentinelState,
  { ok, now, item }: Observation,
  { intervalMs }: SentinelTiming,
): SentinelState {
  const revision = revisionOf(item);
  const state = { ...stillTrue(before, now, item, intervalMs), probedAt: now, revision };
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
    failedAt: isPardoned(state, item)
      ? undefined
      : [...(state.failedAt ?? []), now].slice(-FAILURES_BESIDE_ROUTE_53),
  };
}

/** What was seen before says nothing about a time in which nobody looked, and failures before a failback count no more. */
function stillTrue(
  state: SentinelState,
  now: number,
  item: RoutingItem | undefined,
  intervalMs: number,
): SentinelState {
  const { id, runner, primary, wellRevision, healthySince, probedAt, revision } = state;
  const isGap = probedAt !== undefined && now - probedAt > Math.max(RECENT_MS, 3 * intervalMs);
  // A time to come would keep "for long enough" from ever being true.
  const isAhead = [probedAt, healthySince, state.failingSince, ...(state.failedAt ?? [])].some(
    (time) => time !== undefined && time > now + RECENT_MS,
  );
  if (isGap || isAhead) return { id, runner, primary, wellRevision, failures: 0 };
  const isReturned = item?.takeover === false && revision !== undefined && revision !== item.revision;
  return isReturned ? { id, runner, primary, wellRevision, healthySince, failures: 0 } : state;
}

/** What is known when it is judged whether to take over. */
export interface TakeoverEvidence extends Omit<Observation, "ok"> {
  readonly state: SentinelState;
  /** Whether Route 53 leads clients to this region now. */
  readonly isServing: boolean;
}

/**
 * Why to take over now: every probe failed for the configured time, or Route 53 has moved the clients already while
 * probes failed, and nothing but a takeover keeps them from being moved back ungated. Undefined for not yet.
 */
export function takeoverReason(
  { state, item, isServing, now }: TakeoverEvidence,
  { takeoverAfterMs }: SentinelTiming,
): string | undefined {
  if (item?.takeover) return undefined;
  if (isPardoned(state, item)) return undefined;
  const { failingSince, failures, failedAt = [] } = state;
  if (failingSince !== undefined && failures >= MINIMUM_FAILURES && now - failingSince >= takeoverAfterMs)
    return `every one of ${failures} probes in ${Math.round((now - failingSince) / 1000)} s failed`;
  const recent = failedAt.filter((time) => now - time <= RECENT_MS);
  if (isServing && recent.length >= FAILURES_BESIDE_ROUTE_53)
    return "Route 53 had moved the clients already, and probes from here failed too";
  return undefined;
}

/** Whoever forced a failback knew that the other region fails: that counts for nothing until it was well once. */
function isPardoned({ wellRevision }: SentinelState, item: RoutingItem | undefined): boolean {
  return item?.events.at(-1)?.what === "forced failback" && wellRevision !== item.revision;
}
