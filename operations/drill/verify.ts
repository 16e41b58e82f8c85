import { CommandError, reasonOf } from "../../command-line/command-error";
import type { AcknowledgedWrite } from "./observations";
import type { DrillSystem } from "./system";

/** What was found of the acknowledged writes when all was over. */
export interface LookedUp {
  readonly acknowledged: number;
  /** Writes that a region does not have, neither themselves nor a later version of their ticket. */
  readonly lost: readonly AcknowledgedWrite[];
  /** Conflicts recorded for the drill's tickets. */
  readonly conflicts: number;
}

const PAGE = 100;
/** By default, in milliseconds. */
const WITHIN_MS = 60_000;

/**
 * Looks every acknowledged write up in both regions, until all are there or the time has passed.
 * @param withinMs how long the last writes are given to arrive.
 * @throws CommandError when a region could not be read at the end of that time.
 */
export async function verify(
  system: DrillSystem,
  acknowledged: readonly AcknowledgedWrite[],
  sleep: (milliseconds: number) => Promise<void>,
  withinMs = WITHIN_MS,
): Promise<LookedUp> {
  const names = [system.primary.name, system.secondary.name];
  const end = Date.now() + withinMs;
  const again = async <T>(look: () => Promise<T>, isDone: (seen: T) => boolean): Promise<T> => {
    for (;;) {
      const seen = await look().catch((error: Error) => error);
      const isOver = Date.now() >= end;
      if (!(seen instanceof Error) && (isOver || isDone(seen))) return seen;
      // A read that fails once must not cost the whole drill.
      if (isOver)
        throw new CommandError(`The writes of the drill could not be verified: ${reasonOf(seen)}.`, {
          cause: seen,
        });
      await sleep(500);
    }
  };
  const lost = await again(
    async () => {
      const missing = await Promise.all(names.map((region) => missingIn(system, region, acknowledged)));
      return [...new Set(missing.flat())];
    },
    (missing) => missing.length === 0,
  );
  const ids = [...new Set(acknowledged.map(({ id }) => id))];
  const conflicts = await again(
    () => system.conflictsOf(system.primary.name, ids),
    () => true,
  );
  return { acknowledged: acknowledged.length, lost, conflicts };
}

async function missingIn(
  system: DrillSystem,
  region: string,
  acknowledged: readonly AcknowledgedWrite[],
): Promise<AcknowledgedWrite[]> {
  const ids = [...new Set(acknowledged.map(({ id }) => id))];
  const versions = new Map<string, string>();
  for (let start = 0; start < ids.length; start += PAGE)
    for (const [id, version] of await system.versionsIn(region, ids.slice(start, start + PAGE)))
      versions.set(id, version);
  // A version that is newer than an acknowledged one was written over it, or won a conflict that is recorded.
  return acknowledged.filter(({ id, version }) => (versions.get(id) ?? "") < version);
}
