import type { Clock } from "./browser";

/** Whether people see the page: the part of the document that is used. */
export interface Visibility {
  readonly hidden: boolean;
  addEventListener(type: "visibilitychange", listener: () => void): void;
}

/**
 * Runs a task again and again while the page is visible, and at once when it becomes visible again.
 * @param pause how long to wait after the task has ended, in milliseconds; asked each time.
 */
export function pollWhileVisible(
  { clock, visibility }: { readonly clock: Clock; readonly visibility: Visibility },
  task: () => Promise<void>,
  pause: () => number,
): void {
  let callOff = (): void => undefined;
  let running = false;

  async function run(): Promise<void> {
    callOff();
    if (running || visibility.hidden) return;
    running = true;
    try {
      await task();
    } finally {
      running = false;
      callOff = clock.after(pause(), () => void run());
    }
  }

  visibility.addEventListener("visibilitychange", () => void run());
  void run();
}
