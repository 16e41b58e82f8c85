// Keys of the reserved items: items of the ticket table that are not tickets. None of these keys is a ULID, so none can be a
// ticket's. Each function takes the AWS code of a region.

/** Key of the item that a region's health check reads and writes. It stays in its region. */
export function canaryId(region: string): string {
  return `canary-${region}`;
}

/** Key of a region's takeover state. It stays in its region. */
export function routingId(region: string): string {
  return `routing-${region}`;
}

/** Key of the state of a region's sentinel. It stays in its region. */
export function sentinelId(region: string): string {
  return `sentinel-${region}`;
}

/** Key of the lock that a running drill holds in a region. It stays in its region. */
export function drillLockId(region: string): string {
  return `drill-${region}`;
}

/**
 * Number of items of a heartbeat, and of a lag probe. An item shows the state of its own shard of the stream only. So many are in
 * all of four shards with a probability of 96 percent: see docs/adr/0026-write-sixteen-heartbeats.md.
 */
const ITEMS = 16;

/** Keys of the items of a region's heartbeat. They replicate. An earlier version of the program writes the first one only. */
export function heartbeatIds(region: string): readonly string[] {
  return severalIds(`heartbeat-${region}`);
}

/** Keys of the items that commands write in a region to find out whether they arrive in the other, and when. They replicate. */
export function lagProbeIds(region: string): readonly string[] {
  return severalIds(`lag-probe-${region}`);
}

/** Returns the keys of the reserved items that a region writes and that replicate. */
export function replicatedReservedIds(region: string): readonly string[] {
  return [...heartbeatIds(region), ...lagProbeIds(region)];
}

function severalIds(first: string): readonly string[] {
  return Array.from({ length: ITEMS }, (_, index) => (index === 0 ? first : `${first}-${index}`));
}

/** Returns the keys of all reserved items that a region writes. */
export function reservedIds(region: string): readonly string[] {
  const local = [canaryId, routingId, sentinelId, drillLockId].map((idOf) => idOf(region));
  return [...local, ...replicatedReservedIds(region)];
}
