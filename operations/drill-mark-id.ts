/** The key of the item by which a region's table tells that a drill runs. It is no ULID, so that it can never be a ticket's. */
export function drillMarkId(region: string): string {
  return `drill-${region}`;
}
