/** Throttling limits of a route. */
export interface ThrottleLimits {
  /** Maximum number of simultaneous requests, 0 or more. */
  readonly burst: number;
  /** Average requests per second, 0 or more. */
  readonly rate: number;
}

/**
 * Token bucket of a route. It holds up to `burst` tokens, gains `rate` tokens per second, and every request takes one.
 * See "Throttle requests to your HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class ThrottleBucket {
  private tokens: number;
  private filledAt: number;

  /** @param now monotonic clock, in milliseconds. */
  constructor(
    private readonly limits: ThrottleLimits,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.tokens = limits.burst;
    this.filledAt = now();
  }

  /** Takes a token. Returns false when there is none. */
  takeToken(): boolean {
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

/** Throttling of a stage, with a bucket for each route. */
export class StageThrottle {
  private readonly buckets = new Map<string, ThrottleBucket>();

  /**
   * @param byDefault limits of every route without limits of its own; undefined for no limit.
   * @param byRouteKey limits of individual routes.
   */
  constructor(
    private readonly byDefault: ThrottleLimits | undefined,
    private readonly byRouteKey: ReadonlyMap<string, ThrottleLimits> = new Map(),
  ) {}

  /** Whether a request to the route is allowed now. Counts it if so. */
  admits(routeKey: string): boolean {
    const limits = this.byRouteKey.get(routeKey) ?? this.byDefault;
    if (!limits) return true;
    let bucket = this.buckets.get(routeKey);
    if (!bucket) this.buckets.set(routeKey, (bucket = new ThrottleBucket(limits)));
    return bucket.takeToken();
  }
}
