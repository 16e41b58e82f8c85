import { setTimeout as delay } from "node:timers/promises";

/** Returns a function that waits for milliseconds, and ends early without an error when the signal is aborted. */
export function sleepUntil(signal: AbortSignal): (milliseconds: number) => Promise<void> {
  return async (milliseconds) => {
    try {
      await delay(milliseconds, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}
