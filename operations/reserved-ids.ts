import { canaryId } from "../functions/health/canary";
import { heartbeatId } from "../functions/heartbeat/heartbeat-id";
import { lagProbeId } from "../functions/replication/lag-probe-id";
import { routingId } from "../functions/routing/routing-id";
import { sentinelId } from "../functions/sentinel/sentinel-id";
import { drillMarkId } from "./drill-mark-id";

/**
 * Keys of every item in a region's table that is no ticket and that the region itself writes.
 * @param region AWS code of the region.
 */
export function reservedIds(region: string): readonly string[] {
  return [canaryId, routingId, sentinelId, heartbeatId, lagProbeId, drillMarkId].map((idOf) => idOf(region));
}
