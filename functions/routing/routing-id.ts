/** The key of a region's routing item, which stays in its region. It is no ULID, so that it can never be a ticket's. */
export function routingId(region: string): string {
  return `routing-${region}`;
}
