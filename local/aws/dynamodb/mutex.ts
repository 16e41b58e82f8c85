/** Runs tasks one after another, in the order they came. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a task when all earlier ones have ended; a task that fails does not hinder the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
