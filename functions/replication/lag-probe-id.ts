/** The key of the item that failback writes in a region to see how long it takes to arrive in the other. It is no ULID, so that it can never be a ticket's. */
export function lagProbeId(region: string): string {
  return `lag-probe-${region}`;
}
