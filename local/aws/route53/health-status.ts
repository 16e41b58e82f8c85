/** What a health checker knows about an endpoint. */
export interface EndpointHealth {
  readonly healthy: boolean;
  /** How many results in a row went against `healthy`. */
  readonly against: number;
}

/** An endpoint that was not checked yet counts as healthy. */
export const UNCHECKED: EndpointHealth = { healthy: true, against: 0 };

/**
 * Where a new check begins. A new check counts as healthy, a new inverted one as unhealthy, "until there's enough data
 * to determine the actual status". For an inverted check the first result is enough here, as the first seconds of AWS's
 * many checkers are; the others need the threshold, because a check is often made before its endpoint answers.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function newHealth(inverted: boolean, failureThreshold: number): EndpointHealth {
  return inverted ? { ...UNCHECKED, against: failureThreshold - 1 } : UNCHECKED;
}

/**
 * Takes one result: the status turns when as many results in a row as the threshold go against it.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @param failureThreshold 1 to 10; it counts for both directions.
 */
export function observe(health: EndpointHealth, passed: boolean, failureThreshold: number): EndpointHealth {
  if (passed === health.healthy) return { healthy: passed, against: 0 };
  const against = health.against + 1;
  return against >= failureThreshold ? { healthy: passed, against: 0 } : { ...health, against };
}
