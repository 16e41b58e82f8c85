import type { Clock } from "../../ui/src/data/browser";

/** Clock that advances only on request. */
export class FakeClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private readonly tasks = new Set<{ readonly at: number; readonly task: () => void }>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, task: () => void): () => void {
    const planned = { at: this.time + milliseconds, task };
    this.tasks.add(planned);
    return () => this.tasks.delete(planned);
  }

  /** Advances the time and runs the timers that become due. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await flushPromises();
      const due = [...this.tasks].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.tasks.delete(due);
      this.time = Math.max(this.time, due.at);
      due.task();
    }
    this.time = end;
  }

  /** Advances the time until a promise has settled, at most one minute. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let open = true;
    const close = (): void => void (open = false);
    promise.then(close, close);
    const end = this.time + 60_000;
    for (await flushPromises(); open && this.time < end;) await this.advance(50);
    if (open) throw new Error("The promise has not settled within a minute.");
    return promise;
  }
}

/** Runs all pending promise callbacks. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
