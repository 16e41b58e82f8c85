/** Clock and timers. Tests replace them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Runs a task once after a delay.
   * @returns a function that cancels it.
   */
  after(milliseconds: number, task: () => void): () => void;
}

/** Clock of the browser. */
export const browserClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Part of the document that is used: whether the web UI is visible. */
export interface Visibility {
  readonly hidden: boolean;
  addEventListener(type: "visibilitychange", listener: () => void): void;
}

/** Part of the Web Storage API that is used. Its content survives a reload. */
export interface TabStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}
