import type { Image } from "../replication/stream-record";
import { replicationProblem, unreadableItem, wholeNumberOf } from "../shared/stored-item";
import type { SentinelState } from "./sentinel-state";

const NUMBERS = ["probedAt", "healthySince", "failingSince", "revision", "wellRevision"] as const;

/** Returns the state that is stored so. @throws UnreadableItem for an item that no sentinel can have written. */
export function readSentinelState(stored: Image): SentinelState {
  const problem = replicationProblem(stored);
  if (problem) throw unreadableItem(stored, problem);
  const [runner, failures] = [stored.runner?.S, wholeNumberOf(stored.failures)];
  if (runner === undefined) throw unreadableItem(stored, "its runner is no text");
  if (failures === undefined) throw unreadableItem(stored, "its failures are no whole number");
  if (stored.primary !== undefined && stored.primary.S === undefined)
    throw unreadableItem(stored, "its primary is no text");
  const numbers = NUMBERS.filter((name) => stored[name] !== undefined).map((name) => {
    const number = wholeNumberOf(stored[name]);
    if (number === undefined) throw unreadableItem(stored, `its ${name} is no whole number`);
    return [name, number] as const;
  });
  const failedAt = stored.failedAt?.L?.map(wholeNumberOf);
  if ((stored.failedAt && !failedAt) || failedAt?.includes(undefined))
    throw unreadableItem(stored, "its failedAt is no list of whole numbers");
  return {
    id: stored.id.S as string,
    runner,
    failures,
    ...(stored.primary?.S !== undefined && { primary: stored.primary.S }),
    ...Object.fromEntries(numbers),
    ...(failedAt && { failedAt: failedAt as number[] }),
  };
}
