/**
 * Route 53's documented rules, written down once more and apart from the local cloud's Route 53:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */

/** Seconds between two questions of one checker. */
const INTERVAL = 10;
/** So many checkers ask, each at a second of the interval of its own. */
const CHECKERS = 16;
/** "If more than 18% of health checkers report that an endpoint is healthy, Route 53 considers it healthy." */
const HEALTHY_SHARE = 0.18;

/** A health check on an endpoint; time passes in seconds. */
export class EndpointCheck {
  private readonly checkers = Array.from({ length: CHECKERS }, (_, index) => {
    return { phase: (index * 7) % INTERVAL, healthy: true, against: 0, asked: false };
  });

  constructor(
    private readonly threshold: number,
    private readonly inverted = false,
  ) {}

  /** Has the checkers ask whose turn it is. */
  tick(second: number, passes: boolean): void {
    for (const checker of this.checkers.filter(({ phase }) => second % INTERVAL === phase)) {
      checker.against = passes === checker.healthy ? 0 : checker.against + 1;
      if (checker.against >= this.threshold) {
        checker.healthy = passes;
        checker.against = 0;
      }
      checker.asked = true;
    }
  }

  /** A new check is healthy, a new inverted one unhealthy, until there is data; a verdict is inverted after it was reached. */
  get healthy(): boolean {
    const asked = this.checkers.filter((checker) => checker.asked);
    if (asked.length === 0) return !this.inverted;
    const healthy = asked.filter((checker) => checker.healthy).length / asked.length > HEALTHY_SHARE;
    return healthy !== this.inverted;
  }
}

/** A calculated check: healthy when so many of its children are. */
export function calculated(children: readonly boolean[], threshold: number): boolean {
  return children.filter((healthy) => healthy).length >= threshold;
}

/** Which record of a failover pair answers: the primary while healthy, else a healthy secondary, and with none the primary. */
export function answering(primaryHealthy: boolean, secondaryHealthy: boolean): "primary" | "secondary" {
  return !primaryHealthy && secondaryHealthy ? "secondary" : "primary";
}
