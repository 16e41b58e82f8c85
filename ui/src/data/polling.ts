import type { Clock, Visibility } from "./browser";
import type { RegionalClient } from "./regional-client";
import { ROUTING_INTERVAL_MS } from "./routing-states";

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

/** Pause between two reads of the list of tickets, in milliseconds. */
export const LIST_INTERVAL_MS = 1_500;
/** Pause between two checks of the preferred region while another one serves, in milliseconds. */
const PREFERRED_REGION_INTERVAL_MS = 3_000;
/** Part by which the routing interval varies, so that web UIs that became visible at once do not stay in step. */
const JITTER = 0.2;

/**
 * Keeps a client on the region that serves while the web UI is visible: returns to its preferred region after a failure, and follows a
 * takeover and a failback.
 * @param random returns a number in [0, 1).
 */
export function pollPreferredRegion(
  browser: { readonly clock: Clock; readonly visibility: Visibility },
  client: Pick<RegionalClient, "checkPreferred" | "followRouting">,
  random: () => number = Math.random,
): void {
  pollWhileVisible(
    browser,
    () => client.checkPreferred(),
    () => PREFERRED_REGION_INTERVAL_MS,
  );
  pollWhileVisible(
    browser,
    () => client.followRouting(),
    () => ROUTING_INTERVAL_MS * (1 + JITTER * (2 * random() - 1)),
  );
}
