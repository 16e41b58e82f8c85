/** The key of what a region's sentinel knows, which stays in its region. It is no ULID, so that it can never be a ticket's. */
export function sentinelId(region: string): string {
  return `sentinel-${region}`;
}
