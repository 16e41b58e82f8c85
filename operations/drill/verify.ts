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
 */
export async function verify(
  system: DrillSystem,
  acknowledged: readonly AcknowledgedWrite[],
  sleep: (milliseconds: number) => Promise<void>,
  withinMs = WITHIN_MS,
): Promise<LookedUp> {
  const names = [system.primary.name, system.secondary.name];
  const end = Date.now() + withinMs;
  let lost: readonly AcknowledgedWrite[];
  for (;;) {
    const missing = await Promise.all(names.map((region) => missingIn(system, region, acknowledged)));
    lost = [...new Set(missing.flat())];
    if (lost.length === 0 || Date.now() >= end) break;
    await sleep(500);
  }
  const ids = [...new Set(acknowledged.map(({ id }) => id))];
  const conflicts = await system.conflictsOf(system.primary.name, ids);
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
