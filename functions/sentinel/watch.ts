import { log } from "../shared/log";
import type { WriteMetrics } from "../shared/metrics";
import { isUnreadable, UnreadableItem } from "../shared/stored-item";
import { changeRouting, replaceRouting, RoutingTable, takeOver } from "../routing/routing-table";
import { revisionOf, RoutingEvent, RoutingItem } from "../routing/routing-item";
import type { Roles } from "./role-lookup";
import type { ProbeResult } from "./health-probe";
import { sentinelId } from "../shared/reserved-items";
import { observed, takeoverReason, SentinelState, SentinelTiming } from "./sentinel-state";
import type { SentinelTable } from "./sentinel-table";

/** A region as its sentinel, or the other one's, knows it. */
export interface WatchedRegion {
  /** Nickname. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
}

/** What one invocation of a sentinel works with. */
export interface SentinelContext {
  /** The region that the sentinel runs in, and that would take over. */
  readonly own: WatchedRegion;
  /** The region that it watches. */
  readonly other: WatchedRegion;
  readonly timing: SentinelTiming;
  /** Tells this invocation from every other. */
  readonly runner: string;
  readonly routing: RoutingTable;
  readonly states: SentinelTable;
  readonly roles: () => Promise<Roles>;
  readonly probe: (region: WatchedRegion) => Promise<ProbeResult>;
  readonly write: WriteMetrics;
  readonly functionName: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Whether the region has taken over, 0 or 1; its absence tells that no sentinel runs, or that it knows no roles. */
export const TAKEN_OVER = "TakenOver";
/** What the sentinel calls itself in events. */
const SENTINEL = "sentinel";
/**
 * How long an invocation watches, in milliseconds, unless a newer one makes it end before. There is one every minute; this
 * is more than two, so that nothing is missed when one does not come or comes late.
 */
export const RUN_MS = 130_000;

/**
 * Watches the other region while that is the primary, and takes over when it has failed for long enough and this region
 * is well itself. Ends when a newer invocation watches, when there is nothing to watch, or after a while.
 */
export async function watch(context: SentinelContext): Promise<void> {
  const { now, sleep, timing } = context;
  const end = now() + RUN_MS;
  let state = await begin(context);
  while (state && now() < end) {
    const started = now();
    state = await tryRound(context, state);
    if (state) await sleep(Math.max(0, timing.intervalMs - (now() - started)));
  }
}

/** Makes this invocation the one that watches; undefined when another one was quicker. */
async function begin({ own, states, runner }: SentinelContext): Promise<SentinelState | undefined> {
  const before = await states.read().catch(unlessUnreadable);
  if (before instanceof Error) {
    log({ level: "ERROR", message: "The sentinel's state is replaced.", reason: before.message });
    const anew = { failures: 0, id: sentinelId(own.code), runner };
    await states.replace(anew);
    return anew;
  }
  const state: SentinelState = { failures: 0, ...before, id: sentinelId(own.code), runner };
  if (await states.write(state, before?.runner)) return state;
  // A call that was tried again because its answer was lost meets what it wrote itself.
  return (await states.read())?.runner === runner ? state : undefined;
}

/** The error itself when an item is not readable. @throws every other error. */
function unlessUnreadable(error: unknown): UnreadableItem {
  if (isUnreadable(error)) return error;
  throw error;
}

/** A round that fails, because the region's own table or DNS does, says nothing about the other region and changes nothing. */
async function tryRound(context: SentinelContext, state: SentinelState): Promise<SentinelState | undefined> {
  try {
    return await round(context, state);
  } catch (error) {
    const { name, message } = error as Error;
    log({ level: "WARN", message: "The sentinel could not look.", name, reason: message });
    return state;
  }
}

/** @returns what is known afterwards; undefined when this invocation has nothing more to do. */
async function round(context: SentinelContext, before: SentinelState): Promise<SentinelState | undefined> {
  const { own, other, states, routing, runner, timing, now } = context;
  const { primary = before.primary, serving } = await context.roles();
  if (primary === undefined) throw new Error("DNS has never said which region is the primary");
  const stored = await routing.read().catch(unlessUnreadable);
  const unreadable = stored instanceof Error ? stored : undefined;
  // What is not readable says nothing, neither for a takeover nor against one. Without the metric the alarm for a silent sentinel rings.
  const item = stored instanceof Error ? undefined : stored;
  if (unreadable)
    log({ level: "ERROR", message: "The routing item is ignored.", reason: unreadable.message });
  else measure(context, item);
  if (primary !== other.name) {
    await states.write({ ...before, primary }, runner);
    return undefined;
  }
  const probe = await context.probe(other);
  const revision = revisionOf(item);
  // Too many requests must not cause a takeover, so an answer that a flood causes is no answer.
  const seen = probe.throttled ? before : observed(before, { ok: probe.ok, now: now(), item }, timing);
  const state = { ...seen, primary };
  if (!(await states.write(state, runner))) return undefined;
  if (probe.throttled) return state;
  if (probe.ok !== (before.healthySince !== undefined)) tell(other, probe);
  const evidence = { state, item, isServing: serving === own.name, now: now() };
  const why = takeoverReason(evidence, timing);
  if (why !== undefined) await tryToTakeOver(context, { revision, unreadable }, lastReason(why, probe));
  return state;
}

function lastReason(why: string, { reason }: ProbeResult): string {
  return reason === undefined ? why : `${why}; the last one: ${reason}`;
}

function tell({ name }: WatchedRegion, { ok, reason }: ProbeResult): void {
  log({
    level: ok ? "INFO" : "WARN",
    message: `${name} ${ok ? "is well" : "does not answer well"}.`,
    reason,
  });
}

/**
 * A region that is not well itself must not draw the clients to it. One that refuses the question as one too many counts as
 * well: a flood from outside must not keep it from taking over, and its own table has just been read and written.
 */
async function tryToTakeOver(
  context: SentinelContext,
  { revision, unreadable }: { readonly revision: number; readonly unreadable: UnreadableItem | undefined },
  why: string,
): Promise<void> {
  const { own, other, routing, now } = context;
  const { ok, throttled, reason } = await context.probe(own);
  if (!ok && !throttled) {
    const message = `${other.name} fails, but ${own.name} is not well either and does not take over.`;
    return log({ level: "ERROR", message, reason });
  }
  const event = { by: SENTINEL, at: new Date(now()).toISOString(), reason: `${other.name}: ${why}` };
  if (unreadable) {
    const isReplaced = await replaceRouting(routing, own.code, unreadable, { what: "takeover", ...event });
    if (isReplaced) tellTakeover(own, event);
    return;
  }
  const { item, changed } = await changeRouting(routing, own.code, (current) =>
    // A change by a person meanwhile counts more than what was seen before it.
    revisionOf(current) === revision ? takeOver(current, event) : undefined,
  );
  if (changed) tellTakeover(own, event);
  measure(context, item);
}

function tellTakeover({ name }: WatchedRegion, event: Omit<RoutingEvent, "what">): void {
  log({ level: "WARN", message: `${name} takes over.`, event: "takeover", ...event });
}

function measure({ write, functionName, own, now }: SentinelContext, item: RoutingItem | undefined): void {
  write({
    timestamp: now(),
    dimensions: { FunctionName: functionName, Region: own.code },
    metrics: { [TAKEN_OVER]: { unit: "Count", values: [item?.takeover ? 1 : 0] } },
  });
}
