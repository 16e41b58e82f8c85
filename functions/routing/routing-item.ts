import type { Image } from "../shared/image";
import { replicationProblem, unreadableItem, wholeNumberOf } from "../shared/stored-item";
import { routingId } from "../shared/reserved-items";

/** Kind of change of a region's takeover. */
export type RoutingChange = "takeover" | "failback" | "forced failback";

/** Change of a region's takeover: who made it, when and why. */
export interface RoutingEvent {
  readonly what: RoutingChange;
  /** `operator NAME` or `sentinel`. */
  readonly by: string;
  /** ISO 8601, by the clock of the writer. */
  readonly at: string;
  readonly reason: string;
}

/**
 * Takeover state of a region, in the region's own table. It has no origin, so it never replicates: a takeover depends only on the
 * region that takes over, not on the one that may be unavailable.
 */
export interface RoutingItem {
  readonly id: string;
  /** Number of changes; used for optimistic locking. */
  readonly revision: number;
  readonly takeover: boolean;
  /** Writer of the last change; `at` and `reason` belong to that change too. */
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  /** Latest changes, newest last. */
  readonly events: readonly RoutingEvent[];
}

/** Maximum valid revision. It is far below 2^53, above which a number cannot be incremented. */
export const MAXIMUM_REVISION = 10 ** 15;

/** Maximum number of stored changes; their size is far below the 400 KB of an item. */
export const MAXIMUM_EVENTS = 50;
/** Maximum length of a stored reason, in characters. */
const MAXIMUM_REASON = 1000;

/**
 * Returns the routing item after a change.
 * @param region AWS code of the region whose takeover changes.
 */
export function changedItem(
  region: string,
  current: RoutingItem | undefined,
  { reason, ...event }: RoutingEvent,
): RoutingItem {
  const last = { ...event, reason: reason.slice(0, MAXIMUM_REASON) };
  return {
    id: routingId(region),
    revision: revisionOf(current) + 1,
    takeover: event.what === "takeover",
    by: last.by,
    at: last.at,
    reason: last.reason,
    events: [...(current?.events ?? []), last].slice(-MAXIMUM_EVENTS),
  };
}

/** Returns the revision of an item; 0 before the first change. */
export function revisionOf(item: RoutingItem | undefined): number {
  return item?.revision ?? 0;
}

const CHANGES: readonly RoutingChange[] = ["takeover", "failback", "forced failback"];

/**
 * Returns the routing item of a stored image.
 * @throws UnreadableItem for an image that `changedItem` cannot have produced. Its takeover state is not trusted.
 */
export function readRoutingItem(stored: Image): RoutingItem {
  const problem = replicationProblem(stored);
  if (problem) throw unreadableItem(stored, problem);
  const revision = wholeNumberOf(stored.revision);
  if (revision === undefined || revision === 0 || revision > MAXIMUM_REVISION)
    throw unreadableItem(stored, `its revision is not a whole number from 1 to ${MAXIMUM_REVISION}`);
  const takeover = stored.takeover?.BOOL;
  if (takeover === undefined) throw unreadableItem(stored, "its takeover is neither true nor false");
  const events = stored.events?.L?.map(({ M }) => eventOf(M)) ?? [];
  const known = events.filter((event) => event !== undefined);
  const last = known.at(-1);
  if (!last || known.length < events.length)
    throw unreadableItem(stored, "its events are not a list of changes");
  if ((last.what === "takeover") !== takeover)
    throw unreadableItem(stored, "its last event does not match its takeover");
  const { by, at, reason } = last;
  if (stored.by?.S !== by || stored.at?.S !== at || stored.reason?.S !== reason)
    throw unreadableItem(stored, "its by, at and reason differ from its last event");
  return { id: stored.id.S as string, revision, takeover, by, at, reason, events: known };
}

function eventOf(image: Image | undefined): RoutingEvent | undefined {
  const [by, at, reason] = [image?.by?.S, image?.at?.S, image?.reason?.S];
  const what = CHANGES.find((change) => change === image?.what?.S);
  if (what === undefined || by === undefined || at === undefined || reason === undefined) return undefined;
  return Number.isNaN(Date.parse(at)) ? undefined : { what, by, at, reason };
}
