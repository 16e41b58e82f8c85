import { lagProbeId } from "../../../functions/shared/reserved-items";
import type { DeployedRegion } from "../../cli/deployed-regions";
import type { DrillTables } from "./drill-tables";

/** Pause between two reads of the other region, in milliseconds. */
const POLL_MS = 1000;

/** Writes a lag probe in a region, and returns whether it arrives in the other one within a time in milliseconds. */
export type ProbeArrives = (
  from: Pick<DeployedRegion, "name" | "code">,
  withinMs: number,
) => Promise<boolean>;

/**
 * Returns the probe of a drill. The state of an event source mapping is no evidence: it changes before the mapping stops or starts.
 * @param regions both regions.
 */
export function replicationProbe(
  regions: readonly Pick<DeployedRegion, "name" | "code">[],
  { versionsIn, writeProbe }: Pick<DrillTables, "versionsIn" | "writeProbe">,
  pollMs = POLL_MS,
): ProbeArrives {
  return async (from, withinMs) => {
    const id = lagProbeId(from.code);
    const other = regions.find(({ code }) => code !== from.code) as Pick<DeployedRegion, "name">;
    const version = await writeProbe(from.name);
    for (const end = Date.now() + withinMs; ;) {
      const arrived = (await versionsIn(other.name, [id])).get(id);
      if (arrived !== undefined && arrived >= version) return true;
      if (Date.now() >= end) return false;
      await new Promise((next) => setTimeout(next, pollMs));
    }
  };
}
