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

/** Key of a region's heartbeat. It replicates. */
export function heartbeatId(region: string): string {
  return `heartbeat-${region}`;
}

/** Key of the item that failback writes in a region to measure how long it takes to arrive in the other. It replicates. */
export function lagProbeId(region: string): string {
  return `lag-probe-${region}`;
}

/** Returns the keys of the reserved items that a region writes and that replicate. */
export function replicatedReservedIds(region: string): readonly string[] {
  return [heartbeatId(region), lagProbeId(region)];
}

/** Returns the keys of all reserved items that a region writes. */
export function reservedIds(region: string): readonly string[] {
  const local = [canaryId, routingId, sentinelId, drillLockId].map((idOf) => idOf(region));
  return [...local, ...replicatedReservedIds(region)];
}
