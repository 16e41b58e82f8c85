import type { Clock } from "./browser";

/** Duration of a stable return, in milliseconds. After a shorter one, the next return requires more healthy checks. */
const STABLE_RETURN_MS = 30_000;
/** Maximum number of healthy checks that a return requires. */
const MAX_REQUIRED_CHECKS = 16;

/**
 * Health checks that a return to the preferred region requires. A region that fails again soon after a return must pass more checks each
 * time, to prevent endless returns to an unhealthy region.
 */
export class ReturnChecks {
  private healthy = 0;
  private required = 1;
  private returnedAt = -Infinity;

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** Counts a check. Returns whether enough checks in a row were healthy. */
  suffice(isHealthy: boolean): boolean {
    this.healthy = isHealthy ? this.healthy + 1 : 0;
    return this.healthy >= this.required;
  }

  /** Records a return. */
  returned(): void {
    this.returnedAt = this.clock.now();
  }

  /** Records that the preferred region failed. */
  failed(): void {
    const lasted = this.clock.now() - this.returnedAt >= STABLE_RETURN_MS;
    this.required = lasted ? 1 : Math.min(this.required * 2, MAX_REQUIRED_CHECKS);
    this.healthy = 0;
  }

  /** Starts again, for another preferred region. */
  reset(): void {
    this.healthy = 0;
    this.required = 1;
  }
}
