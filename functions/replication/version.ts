/**
 * Version of a write: a hybrid logical clock timestamp that orders all writes of a ticket across both regions (Kulkarni et al.,
 * "Logical Physical Clocks", 2014). It is stored as the sortable string `<milliseconds>-<counter>-<AWS region code>`, for example
 * `001763930000000-000000-eu-west-1`. Milliseconds and counter have a fixed width; the region breaks ties.
 */
export interface Version {
  /** Milliseconds since 1970, 0 to 999,999,999,999,999. */
  readonly milliseconds: number;
  /** Counts writes within one millisecond, or while the clock is behind a version already seen; 0 to 999,999. */
  readonly counter: number;
  /** AWS code of the region of the write. */
  readonly region: string;
}

/** Maximum time that a version may be ahead of this region's clock, in milliseconds. */
export const MAXIMUM_AHEAD_MS = 5 * 60 * 1000;

const MILLISECOND_DIGITS = 15;
const COUNTER_DIGITS = 6;
const MAXIMUM_COUNTER = 999_999;
/** The length of the region is bounded: a version is the range key of the conflict table, which has at most 1024 bytes. */
const PATTERN = /^(\d{15})-(\d{6})-([a-z]{2,8}(?:-[a-z]{1,16}){1,3}-\d{1,3})$/;

/** Returns a version as the stored string. */
export function formatVersion({ milliseconds, counter, region }: Version): string {
  return `${String(milliseconds).padStart(MILLISECOND_DIGITS, "0")}-${String(counter).padStart(COUNTER_DIGITS, "0")}-${region}`;
}

/** Returns the parts of a stored version; undefined if the value is not a version. */
export function parseVersion(value: unknown): Version | undefined {
  const match = typeof value === "string" ? PATTERN.exec(value) : null;
  return match ? { milliseconds: Number(match[1]), counter: Number(match[2]), region: match[3] } : undefined;
}

/**
 * Returns the version of a local write: the time of the clock, or the next version after the one it replaces if the clock is
 * behind that one. A region with a slow clock can therefore still change what a region with a fast clock wrote.
 * @param region AWS code of the region that writes.
 * @param now milliseconds since 1970 by this region's clock.
 * @param seen version that the write replaces; undefined for a first write.
 */
export function nextVersion(region: string, now: number, seen: string | undefined): string {
  const last = parseVersion(seen);
  if (!last || now > last.milliseconds) return formatVersion({ milliseconds: now, counter: 0, region });
  if (last.counter < MAXIMUM_COUNTER)
    return formatVersion({ milliseconds: last.milliseconds, counter: last.counter + 1, region });
  return formatVersion({ milliseconds: last.milliseconds + 1, counter: 0, region });
}

/** Returns how far a version is ahead of a clock, in milliseconds; negative if it is behind. */
export function millisecondsAhead(version: Version, now: number): number {
  return version.milliseconds - now;
}

/** Returns a string that sorts above every version that is not too far ahead of the given one. */
export function latestCredible(version: string): string {
  const milliseconds = (parseVersion(version)?.milliseconds ?? 0) + MAXIMUM_AHEAD_MS;
  return `${String(milliseconds).padStart(MILLISECOND_DIGITS, "0")}-~`;
}

/** Returns whether a version is so far ahead of a clock that a clock must be wrong. No write may build on such a version. */
export function isTooFarAhead(version: Version, now: number): boolean {
  return millisecondsAhead(version, now) > MAXIMUM_AHEAD_MS;
}
