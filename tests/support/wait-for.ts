import { setTimeout as delay } from "node:timers/promises";

/** Timeout for hanging conditions, long enough for a busy machine. It does not measure speed. */
const DEFAULT_MS = 60_000;

/**
 * Polls a condition every 10 ms until it returns a value, and returns the value.
 * @param condition returns undefined or false until it holds.
 * @throws Error that names the condition, after the timeout. An error of the last call of the condition is its cause.
 */
export async function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  options: { readonly what: string; readonly withinMs?: number },
): Promise<T> {
  const { what, withinMs = DEFAULT_MS } = options;
  const end = Date.now() + withinMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(10);
  } while (Date.now() < end);
  throw new Error(`Timed out after ${withinMs} ms while waiting for ${what}.`, { cause });
}
