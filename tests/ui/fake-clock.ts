import type { Clock } from "../../ui/src/data/browser";

/** A clock that stands still until it is told to go on. */
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

  /** Lets time pass, and everything that follows from it happen. */
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

  /** Lets time pass until a promise has settled, at most a minute. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let open = true;
    const close = (): void => void (open = false);
    promise.then(close, close);
    const end = this.time + 60_000;
    for (await flushPromises(); open && this.time < end;) await this.advance(50);
    if (open) throw new Error("It has not settled within a minute.");
    return promise;
  }
}

/** Lets every promise go on that can. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
