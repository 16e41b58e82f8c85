/**
 * Runs an action for every item and waits for all of them. Starts no more actions after a failure.
 * @param bound maximum number of concurrent actions.
 * @throws the first failure, after every started action has ended.
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
