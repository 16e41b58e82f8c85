/** Time for which a looked-up primary is used, in milliseconds: the TTL of its record, which changes only with a stack update. */
const CACHE_MS = 60_000;
/** Time after which a failed look-up is repeated, in milliseconds. */
const RETRY_MS = 5_000;

/**
 * Returns a function that looks up the alias of the primary, at most once a minute. While the look-up fails, it returns the last known
 * alias; undefined before the first.
 * @param now milliseconds since 1970.
 */
export function cachedPrimary(
  lookUp: () => Promise<string | undefined>,
  now: () => number,
): () => Promise<string | undefined> {
  let known: string | undefined;
  let until = -Infinity;
  return async () => {
    if (now() < until) return known;
    const found = await lookUp();
    until = now() + (found === undefined ? RETRY_MS : CACHE_MS);
    known = found ?? known;
    return known;
  };
}
