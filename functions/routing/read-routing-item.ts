import type { Image } from "../replication/stream-record";
import { replicationProblem, unreadableItem, wholeNumberOf } from "../shared/stored-item";
import { MAXIMUM_REVISION, RoutingChange, RoutingEvent, RoutingItem } from "./routing-item";

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
