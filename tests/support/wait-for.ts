import { setTimeout as delay } from "node:timers/promises";

/** A bound for what hangs, not a measure of speed: wide enough for a machine whose processors have other work. */
const DEFAULT_MS = 30_000;

/**
 * Waits until a condition gives something, asking again every few milliseconds, and returns it.
 * @param condition gives undefined or false as long as it does not hold.
 * @throws Error that names what was waited for, when the bound passes; a throw of the condition's last call is its cause.
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
  throw new Error(`Waited ${withinMs} ms in vain for ${what}.`, { cause });
}
