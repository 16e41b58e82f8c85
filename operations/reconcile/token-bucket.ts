/**
 * Bounds how many items are read per second. A page is paid for after it was read, so a bucket can be in debt, and the
 * next page waits until the debt is paid.
 */
export class TokenBucket {
  private tokens = 0;
  private filledAt: number;

  /**
   * @param rate items per second; undefined for no bound.
   * @param clock milliseconds since 1970, and a wait.
   */
  constructor(
    private readonly rate: number | undefined,
    private readonly clock: {
      readonly now: () => number;
      readonly sleep: (milliseconds: number) => Promise<void>;
    },
  ) {
    this.filledAt = clock.now();
  }

  /** Takes so many items, and waits until the rate allows it. */
  async take(items: number): Promise<void> {
    if (this.rate === undefined) return;
    const now = this.clock.now();
    // Never more than a second's worth: a pause must not be followed by a burst.
    this.tokens = Math.min(this.tokens + ((now - this.filledAt) / 1000) * this.rate, this.rate) - items;
    this.filledAt = now;
    if (this.tokens < 0) await this.clock.sleep((-this.tokens / this.rate) * 1000);
  }
}
