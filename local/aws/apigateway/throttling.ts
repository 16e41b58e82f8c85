/** How often a route may be called. */
export interface ThrottleLimits {
  /** Requests that may come at once, 0 or more. */
  readonly burst: number;
  /** Requests a second in the long run, 0 or more. */
  readonly rate: number;
}

/**
 * A token bucket: it holds up to `burst` tokens, gains `rate` tokens a second, and every request takes one.
 * See "Throttle requests to your HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class ThrottleBucket {
  private tokens: number;
  private filledAt: number;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(
    private readonly limits: ThrottleLimits,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.tokens = limits.burst;
    this.filledAt = now();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const now = this.now();
    this.tokens = Math.min(
      this.limits.burst,
      this.tokens + ((now - this.filledAt) / 1000) * this.limits.rate,
    );
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** The buckets of a stage, one for each route. */
export class StageThrottle {
  private readonly buckets = new Map<string, ThrottleBucket>();

  /**
   * @param byDefault limits of every route that has none of its own; undefined for no limit.
   * @param byRouteKey limits of single routes.
   */
  constructor(
    private readonly byDefault: ThrottleLimits | undefined,
    private readonly byRouteKey: ReadonlyMap<string, ThrottleLimits> = new Map(),
  ) {}

  /** Whether the route may be called now; counts the call when it may. */
  admits(routeKey: string): boolean {
    const limits = this.byRouteKey.get(routeKey) ?? this.byDefault;
    if (!limits) return true;
    let bucket = this.buckets.get(routeKey);
    if (!bucket) this.buckets.set(routeKey, (bucket = new ThrottleBucket(limits)));
    return bucket.take();
  }
}
