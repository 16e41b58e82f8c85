import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Growth of the heap over what was in use at the last garbage collection, in percent, until the next one. V8 doubles it by default. */
const HEAP_GROWTH_PERCENT = 20;

/**
 * Times after the start at which the memory is trimmed, in milliseconds. The second collection also shrinks the space for new objects, if
 * the process has created few since the first one.
 */
const TRIMMED_AFTER_MS = [5000, 10_000];

/**
 * Trims the memory of this process when the start is over.
 * @param times in milliseconds from now.
 */
export function trimMemoryWhenIdle(times: readonly number[] = TRIMMED_AFTER_MS): void {
  for (const milliseconds of times) setTimeout(trimMemory, milliseconds).unref();
}

/**
 * Frees the memory that the start needed, and keeps the heap of this process small from now on. Garbage is collected more often then,
 * which costs little, because an idle local cloud produces little.
 */
function trimMemory(): void {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  // The limit of the heap is computed anew by a collection. The old one is far away.
  collectGarbage();
}
