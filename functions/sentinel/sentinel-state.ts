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
  /** The routing item's revision when the last run of failures began. */
  readonly failureRevision?: number;
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

/**
 * Takes the result of one probe.
 * @param revision of the routing item now.
 */
export function observed(
  state: SentinelState,
  { ok, now, revision }: { readonly ok: boolean; readonly now: number; readonly revision: number },
  { intervalMs }: SentinelTiming,
): SentinelState {
  // What was true before nobody looked for a while says nothing about the time in between.
  const isGap = state.probedAt !== undefined && now - state.probedAt > Math.max(RECENT_MS, 3 * intervalMs);
  const { healthySince, failingSince, failures, ...kept } = isGap ? forgetful(state) : state;
  if (ok) return { ...kept, probedAt: now, failures: 0, healthySince: healthySince ?? now };
  return {
    ...kept,
    probedAt: now,
    failures: failures + 1,
    failingSince: failingSince ?? now,
    failedAt: [...(kept.failedAt ?? []), now].slice(-FAILURES_BESIDE_ROUTE_53),
    failureRevision: failingSince === undefined ? revision : state.failureRevision,
  };
}

function forgetful({ id, runner, primary }: SentinelState): SentinelState {
  return { id, runner, primary, failures: 0 };
}

/** What is known when it is judged whether to take over. */
export interface Evidence {
  readonly state: SentinelState;
  /** Revision of the routing item. */
  readonly revision: number;
  /** Whether Route 53 leads clients to this region now. */
  readonly isServing: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Why to take over now: every probe failed for the configured time, or Route 53 has moved the clients already while
 * probes failed, and nothing but a takeover keeps them from being moved back ungated. Undefined for not yet.
 *
 * Failures that began before the last change of the routing item do not count: who forced a failback knew of them.
 */
export function reasonToTakeOver(
  { state, revision, isServing, now }: Evidence,
  { takeoverAfterMs }: SentinelTiming,
): string | undefined {
  if (state.failureRevision !== revision) return undefined;
  const { failingSince, failures, failedAt = [] } = state;
  if (failingSince !== undefined && failures >= MINIMUM_FAILURES && now - failingSince >= takeoverAfterMs)
    return `every one of ${failures} probes in ${Math.round((now - failingSince) / 1000)} s failed`;
  const recent = failedAt.filter((time) => now - time <= RECENT_MS);
  if (isServing && recent.length >= FAILURES_BESIDE_ROUTE_53)
    return "Route 53 had moved the clients already, and probes from here failed too";
  return undefined;
}
