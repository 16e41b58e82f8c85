import { lagProbeIds } from "../../../functions/shared/reserved-items";
import type { DeployedRegion } from "../../cli/deployed-regions";
import type { DrillTables } from "./drill-tables";

/** Pause between two reads of the other region, in milliseconds. */
const POLL_MS = 1000;

/** How many items of a lag probe arrive. Each shows the state of one shard of the stream. */
export type Arrivals = "all" | "some" | "none";

/** Writes a lag probe in a region, and returns whether its items arrive in the other one within a time in milliseconds. */
export type ProbeArrives = (
  from: Pick<DeployedRegion, "name" | "code">,
  withinMs: number,
) => Promise<Arrivals>;

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
    const ids = lagProbeIds(from.code);
    const other = regions.find(({ code }) => code !== from.code) as Pick<DeployedRegion, "name">;
    const version = await writeProbe(from.name);
    for (const end = Date.now() + withinMs; ;) {
      const versions = await versionsIn(other.name, ids);
      const arrived = ids.filter((id) => (versions.get(id) ?? "") >= version).length;
      if (arrived === ids.length) return "all";
      if (Date.now() >= end) return arrived === 0 ? "none" : "some";
      await new Promise((next) => setTimeout(next, pollMs));
    }
  };
}
