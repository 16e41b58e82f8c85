/**
 * Limit on the items read per second. A page is paid for after it was read, so the balance can be negative: the next page then
 * waits until the balance is positive again.
 */
export class ReadRateLimiter {
  private balance = 0;
  private updatedAt: number;

  /**
   * @param rate items per second; undefined for no limit.
   * @param clock milliseconds since 1970, and a wait.
   */
  constructor(
    private readonly rate: number | undefined,
    private readonly clock: {
      readonly now: () => number;
      readonly sleep: (milliseconds: number) => Promise<void>;
    },
  ) {
    this.updatedAt = clock.now();
  }

  /** Pays for items, and waits until the rate allows the next page. */
  async take(items: number): Promise<void> {
    if (this.rate === undefined) return;
    const now = this.clock.now();
    // The balance is at most one second's worth, so that no burst follows a pause.
    this.balance = Math.min(this.balance + ((now - this.updatedAt) / 1000) * this.rate, this.rate) - items;
    this.updatedAt = now;
    if (this.balance < 0) await this.clock.sleep((-this.balance / this.rate) * 1000);
  }
}
