/** The key of a region's canary item, which its health check writes and which stays in its region. */
export function canaryId(region: string): string {
  return `canary-${region}`;
}
