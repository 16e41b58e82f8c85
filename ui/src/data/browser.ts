/** The time and what is to happen later, so that tests can make time pass. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Runs a task once, so many milliseconds from now.
   * @returns a function that calls it off.
   */
  after(milliseconds: number, task: () => void): () => void;
}

/** The browser's time. */
export const browserClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};
