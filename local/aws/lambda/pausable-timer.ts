/** Timer that can be paused: the time in between does not count. */
export class PausableTimer {
  private timer: NodeJS.Timeout | undefined;
  private onEnd: (() => void) | undefined;
  private leftMs = 0;
  private runsSince = 0;
  private paused = false;

  /** Starts the timer, instead of the one that runs. It waits while the timer is paused. */
  start(milliseconds: number, onEnd: () => void): void {
    this.clear();
    this.leftMs = milliseconds;
    this.onEnd = onEnd;
    if (!this.paused) this.run();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.onEnd = undefined;
  }

  pause(): void {
    if (this.timer) this.leftMs -= performance.now() - this.runsSince;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (this.onEnd && !this.timer) this.run();
  }

  private run(): void {
    this.runsSince = performance.now();
    this.timer = setTimeout(() => {
      const onEnd = this.onEnd;
      this.clear();
      onEnd?.();
    }, this.leftMs);
  }
}
