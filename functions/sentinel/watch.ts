import { log } from "../shared/log";
import type { WriteMetrics } from "../shared/metrics";
import { sentinelId } from "../shared/reserved-items";
import { isUnreadable, UnreadableItem } from "../shared/stored-item";
import { changeRouting, replaceRouting, RoutingTable, takeOver } from "../routing/routing-table";
import { revisionOf, RoutingEvent, RoutingItem } from "../routing/routing-item";
import type { ProbeResult } from "./health-probe";
import type { Roles } from "./role-lookup";
import { observed, SentinelState, SentinelTiming, takeoverReason } from "./sentinel-state";
import type { SentinelTable } from "./sentinel-table";

/** Region that a sentinel runs in or watches. */
export interface WatchedRegion {
  /** Region alias. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
}

/** Source of what a sentinel observes. */
interface Prober {
  /** Looks up the roles of the regions in DNS. */
  roles(): Promise<Roles>;
  /** Probes the API of a region. */
  probe(region: WatchedRegion): Promise<ProbeResult>;
}

/** Clock of a sentinel. */
interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Destination of a sentinel's metrics. */
interface Reporter {
  readonly functionName: string;
  readonly write: WriteMetrics;
}

/** Dependencies of one invocation of a sentinel. */
export interface SentinelContext {
  /** Region that the sentinel runs in, and that would take over. */
  readonly own: WatchedRegion;
  /** Region that the sentinel watches. */
  readonly other: WatchedRegion;
  readonly timing: SentinelTiming;
  /** Unique id of this invocation. */
  readonly runner: string;
  readonly routing: RoutingTable;
  readonly states: SentinelTable;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** Metric of whether the region has taken over, 0 or 1. It is missing while no sentinel runs, or while the roles are unknown. */
export const TAKEN_OVER = "TakenOver";
/** Name of this writer in routing events. */
const SENTINEL = "sentinel";
/**
 * Duration of an invocation, in milliseconds, unless a newer one ends it. A new one starts every minute; this is more than two
 * minutes, so that no probe is missed if one start fails or is late.
 */
export const RUN_MS = 130_000;

/**
 * Watches the other region while it is the primary. Takes over if it has failed for the configured time and this region is healthy.
 * Ends when a newer invocation watches, when the other region is not the primary, or after `RUN_MS`.
 */
export async function watch(context: SentinelContext): Promise<void> {
  const { clock, timing } = context;
  const end = clock.now() + RUN_MS;
  let state = await begin(context);
  while (state && clock.now() < end) {
    const started = clock.now();
    state = await tryRound(context, state);
    if (state) await clock.sleep(Math.max(0, timing.intervalMs - (clock.now() - started)));
  }
}

/** Makes this invocation the watching one; undefined if another one was faster. */
async function begin({ own, states, runner }: SentinelContext): Promise<SentinelState | undefined> {
  const before = await states.read().catch(unreadableOrThrow);
  if (before instanceof Error) {
    log({ level: "ERROR", message: "Replaced the malformed state of the sentinel.", reason: before.message });
    // The sentinel has watched before, so failures count at once: a damaged item must not prevent a takeover.
    const initial = { failures: 0, wellRevision: 0, id: sentinelId(own.code), runner };
    await states.replace(initial);
    return initial;
  }
  const state: SentinelState = { failures: 0, ...before, id: sentinelId(own.code), runner };
  if (await states.write(state, before?.runner)) return state;
  // The SDK retries a write whose response was lost. The retry then finds the state of the first attempt.
  return (await states.read())?.runner === runner ? state : undefined;
}

/** Returns the error if it is about a malformed item. @throws every other error. */
function unreadableOrThrow(error: unknown): UnreadableItem {
  if (isUnreadable(error)) return error;
  throw error;
}

/** Runs a round. A failure of this region's own table or of DNS is no evidence about the other region, and changes nothing. */
async function tryRound(context: SentinelContext, state: SentinelState): Promise<SentinelState | undefined> {
  try {
    return await round(context, state);
  } catch (error) {
    const { name, message } = error as Error;
    log({ level: "WARN", message: "The sentinel could not complete a round.", name, reason: message });
    return state;
  }
}

/** Returns the state after a round; undefined if this invocation must end. */
async function round(context: SentinelContext, before: SentinelState): Promise<SentinelState | undefined> {
  const { own, other, states, routing, runner, timing, clock, prober } = context;
  const { primary = before.primary, serving } = await prober.roles();
  if (primary === undefined) throw new Error("DNS has never returned the primary region");
  const stored = await routing.read().catch(unreadableOrThrow);
  const unreadable = stored instanceof Error ? stored : undefined;
  // A malformed item is no evidence for or against a takeover. The missing metric raises the alarm of a silent sentinel.
  const item = stored instanceof Error ? undefined : stored;
  if (unreadable)
    log({ level: "ERROR", message: "Ignored the malformed routing item.", reason: unreadable.message });
  else report(context, item);
  if (primary !== other.name) {
    await states.write({ ...before, primary }, runner);
    return undefined;
  }
  const probe = await prober.probe(other);
  const revision = revisionOf(item);
  // A flood of requests from outside causes throttling. It must not cause a takeover, so a throttled probe counts for nothing.
  const seen = probe.throttled ? before : observed(before, { ok: probe.ok, now: clock.now(), item }, timing);
  const state = { ...seen, primary };
  if (!(await states.write(state, runner))) return undefined;
  if (probe.throttled) return state;
  if (probe.ok !== (before.healthySince !== undefined)) logChange(other, probe);
  const evidence = { state, item, isServing: serving === own.name, now: clock.now() };
  const reason = takeoverReason(evidence, timing);
  if (reason !== undefined)
    await tryToTakeOver(context, { revision, unreadable }, withLastFailure(reason, probe));
  return state;
}

function withLastFailure(takeoverReason: string, { reason }: ProbeResult): string {
  return reason === undefined ? takeoverReason : `${takeoverReason}; the last one: ${reason}`;
}

function logChange({ name }: WatchedRegion, { ok, reason }: ProbeResult): void {
  log({
    level: ok ? "INFO" : "WARN",
    message: `${name} is ${ok ? "healthy" : "unhealthy"}.`,
    reason,
  });
}

/**
 * Takes over if this region is healthy itself. A throttled probe counts as healthy: a flood from outside must not prevent a
 * takeover, and this region's table has just been read and written.
 */
async function tryToTakeOver(
  context: SentinelContext,
  { revision, unreadable }: { readonly revision: number; readonly unreadable: UnreadableItem | undefined },
  why: string,
): Promise<void> {
  const { own, other, routing, clock, prober } = context;
  const { ok, throttled, reason } = await prober.probe(own);
  if (!ok && !throttled) {
    const message = `${other.name} fails, but ${own.name} is also unhealthy and does not take over.`;
    return log({ level: "ERROR", message, reason });
  }
  const event = { by: SENTINEL, at: new Date(clock.now()).toISOString(), reason: `${other.name}: ${why}` };
  if (unreadable) {
    const isReplaced = await replaceRouting(routing, own.code, unreadable, { what: "takeover", ...event });
    if (isReplaced) logTakeover(own, event);
    return;
  }
  const { item, changed } = await changeRouting(routing, own.code, (current) =>
    // A change by an operator in the meantime takes precedence over earlier observations.
    revisionOf(current) === revision ? takeOver(current, event) : undefined,
  );
  if (changed) logTakeover(own, event);
  report(context, item);
}

function logTakeover({ name }: WatchedRegion, event: Omit<RoutingEvent, "what">): void {
  log({ level: "WARN", message: `${name} takes over.`, event: "takeover", ...event });
}

function report({ reporter, own, clock }: SentinelContext, item: RoutingItem | undefined): void {
  reporter.write({
    timestamp: clock.now(),
    dimensions: { FunctionName: reporter.functionName, Region: own.code },
    metrics: { [TAKEN_OVER]: { unit: "Count", values: [item?.takeover ? 1 : 0] } },
  });
}
