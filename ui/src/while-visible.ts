/** A task that repeats. */
export interface Repetition {
  /** Runs the task soon instead of when its time comes. */
  hurry(): void;
}

/**
 * Runs a task again and again while the page is visible, and at once when it becomes visible again.
 * @param pause how long to wait after the task has ended, in milliseconds; asked each time.
 */
export function whileVisible(task: () => Promise<void>, pause: () => number): Repetition {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    again = running;
    if (running || document.hidden) return;
    running = true;
    try {
      await task();
    } finally {
      running = false;
      timer = setTimeout(() => void run(), again ? 0 : pause());
    }
  }

  document.addEventListener("visibilitychange", () => void run());
  void run();
  return { hurry: () => void run() };
}
