/** The key of a region's heartbeat item. It is no ULID, so that it can never be a ticket's. */
export function heartbeatId(region: string): string {
  return `heartbeat-${region}`;
}
