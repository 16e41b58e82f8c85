import type { Image } from "../shared/image";
import { replicationProblem, unreadableItem, wholeNumberOf } from "../shared/stored-item";
import { routingId } from "../shared/reserved-items";

/** What can happen to a region's takeover. */
export type RoutingChange = "takeover" | "failback" | "forced failback";

/** A change of a region's takeover: who made it, when and why. */
export interface RoutingEvent {
  readonly what: RoutingChange;
  /** `operator NAME` or `sentinel`. */
  readonly by: string;
  /** ISO 8601, by the clock of whoever made it. */
  readonly at: string;
  readonly reason: string;
}

/**
 * Whether a region has taken over, as it stands in the region's own table. It has no origin, so it never replicates: a
 * takeover is a matter of the region that takes over, and of nothing that may be lost.
 */
export interface RoutingItem {
  readonly id: string;
  /** Counts the changes, so that two who change it at the same time are told apart. */
  readonly revision: number;
  readonly takeover: boolean;
  /** Of the last change, as the next two. */
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  /** The last changes, the newest at the end. */
  readonly events: readonly RoutingEvent[];
}

/**
 * The highest revision that counts as one. It leaves room for more changes than anybody makes below 2^53, above which adding
 * one changes nothing.
 */
export const MAXIMUM_REVISION = 10 ** 15;

/** So many changes are kept, far below the 400 KB of an item. */
export const MAXIMUM_EVENTS = 50;
/** A longer reason is cut. */
const MAXIMUM_REASON = 1000;

/** The item after a change. @param region AWS code of the region whose takeover it is. */
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

/** The item's revision; 0 before the first change. */
export function revisionOf(item: RoutingItem | undefined): number {
  return item?.revision ?? 0;
}

const CHANGES: readonly RoutingChange[] = ["takeover", "failback", "forced failback"];

/**
 * Returns the routing item that is stored so.
 * @throws UnreadableItem for an item that `changedItem` can never have made: what it says about a takeover is not believed.
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
    throw unreadableItem(stored, "its events are no list of changes");
  if ((last.what === "takeover") !== takeover)
    throw unreadableItem(stored, "its last event is not the change that its takeover tells of");
  const { by, at, reason } = last;
  if (stored.by?.S !== by || stored.at?.S !== at || stored.reason?.S !== reason)
    throw unreadableItem(stored, "its by, at and reason are not those of its last event");
  return { id: stored.id.S as string, revision, takeover, by, at, reason, events: known };
}

function eventOf(image: Image | undefined): RoutingEvent | undefined {
  const [by, at, reason] = [image?.by?.S, image?.at?.S, image?.reason?.S];
  const what = CHANGES.find((change) => change === image?.what?.S);
  if (what === undefined || by === undefined || at === undefined || reason === undefined) return undefined;
  return Number.isNaN(Date.parse(at)) ? undefined : { what, by, at, reason };
}
