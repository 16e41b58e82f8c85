import type { Clock, Visibility } from "./browser";
import type { RegionalClient } from "./regional-client";

/**
 * Repeats a task while the web UI is visible. Runs it immediately when the web UI becomes visible again.
 * @param pauseMs returns the milliseconds to wait after each run.
 */
export function pollWhileVisible(
  { clock, visibility }: { readonly clock: Clock; readonly visibility: Visibility },
  task: () => Promise<void>,
  pauseMs: () => number,
): void {
  let cancelTimer = (): void => undefined;
  let running = false;

  async function run(): Promise<void> {
    cancelTimer();
    if (running || visibility.hidden) return;
    running = true;
    try {
      await task();
    } finally {
      running = false;
      cancelTimer = clock.after(pauseMs(), () => void run());
    }
  }

  visibility.addEventListener("visibilitychange", () => void run());
  void run();
}

/** Polling intervals in milliseconds. */
const INTERVALS_MS = { preferred: 3_000, failoverName: 30_000 };

/** Keeps a client on its preferred region while the web UI is visible: returns to it after a failure, and follows the failover name. */
export function pollPreferredRegion(
  browser: { readonly clock: Clock; readonly visibility: Visibility },
  client: Pick<RegionalClient, "checkPreferred" | "followFailoverName">,
): void {
  pollWhileVisible(
    browser,
    () => client.checkPreferred(),
    () => INTERVALS_MS.preferred,
  );
  pollWhileVisible(
    browser,
    () => client.followFailoverName(),
    () => INTERVALS_MS.failoverName,
  );
}
