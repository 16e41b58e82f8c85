/** Which record of a failover pair answers. */
export type FailoverRole = "PRIMARY" | "SECONDARY";

/** The health of a pair's records; undefined where there is no such record. */
export interface FailoverPair {
  readonly PRIMARY?: boolean;
  readonly SECONDARY?: boolean;
}

/**
 * Route 53's active-passive failover: the primary if it is healthy, else the secondary if that is healthy; and when
 * none is healthy all count as healthy, so the primary again.
 * Sources: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html and
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html.
 */
export function chooseFailover(health: FailoverPair): FailoverRole | undefined {
  if (health.PRIMARY) return "PRIMARY";
  if (health.SECONDARY) return "SECONDARY";
  if (health.PRIMARY !== undefined) return "PRIMARY";
  return health.SECONDARY === undefined ? undefined : "SECONDARY";
}
