/**
 * Runs an action for every item, at most so many at a time, and waits for all. After a failure no more are begun.
 * @throws the first failure, once every action that was begun has ended.
 */
export async function forEachBounded<T>(
  items: readonly T[],
  bound: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0)
      await action(items[next++]).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
