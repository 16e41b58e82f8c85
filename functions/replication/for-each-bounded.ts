/** Runs an action for every item, at most so many at a time, and waits for all. */
export async function forEachBounded<T>(
  items: readonly T[],
  bound: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await action(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, worker));
}
