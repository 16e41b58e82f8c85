/**
 * Route 53's documented rules, written down once more and apart from the local cloud's Route 53:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */

/** Seconds between two requests of one checker. */
const INTERVAL = 10;
/** Number of checkers. Each sends its requests at its own second of the interval. */
const CHECKERS = 16;
/** "If more than 18% of health checkers report that an endpoint is healthy, Route 53 considers it healthy." */
const HEALTHY_SHARE = 0.18;

/** Health check of an endpoint. Time is in seconds. */
export class EndpointCheck {
  private readonly checkers = Array.from({ length: CHECKERS }, (_, index) => {
    return { phase: (index * 7) % INTERVAL, healthy: true, against: 0, asked: false };
  });

  constructor(
    private readonly threshold: number,
    private readonly inverted = false,
  ) {}

  /** Sends the requests of the checkers that are due. */
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

  /** Until there is data, a new check is healthy and a new inverted one unhealthy. The result is inverted at the end. */
  get healthy(): boolean {
    const asked = this.checkers.filter((checker) => checker.asked);
    if (asked.length === 0) return !this.inverted;
    const healthy = asked.filter((checker) => checker.healthy).length / asked.length > HEALTHY_SHARE;
    return healthy !== this.inverted;
  }
}

/** Calculated check: healthy if enough of its children are. */
export function calculated(children: readonly boolean[], threshold: number): boolean {
  return children.filter((healthy) => healthy).length >= threshold;
}

/** Returns the selected record of a failover pair: the primary while healthy, else a healthy secondary, else the primary. */
export function answering(primaryHealthy: boolean, secondaryHealthy: boolean): "primary" | "secondary" {
  return !primaryHealthy && secondaryHealthy ? "secondary" : "primary";
}
