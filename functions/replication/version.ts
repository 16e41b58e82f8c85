/**
 * Versions order all writes of a ticket over both regions: a hybrid logical clock (Kulkarni et al., "Logical Physical
 * Clocks", 2014) as a string that sorts as it orders, `<milliseconds>-<counter>-<AWS region code>`, for example
 * `001763930000000-000000-eu-west-1`. Milliseconds and counter have a fixed width; the region breaks ties.
 */
export interface Version {
  /** Milliseconds since 1970, 0 to 999,999,999,999,999. */
  readonly milliseconds: number;
  /** Writes within one millisecond, or while the clock stands behind a version already seen; 0 to 999,999. */
  readonly counter: number;
  /** AWS code of the region of the write. */
  readonly region: string;
}

/** A version further ahead of this region's clock than this, in milliseconds, is refused. */
export const MAXIMUM_AHEAD_MS = 5 * 60 * 1000;

const MILLISECOND_DIGITS = 15;
const COUNTER_DIGITS = 6;
const MAXIMUM_COUNTER = 999_999;
const PATTERN = /^(\d{15})-(\d{6})-([a-z]{2,}(?:-[a-z]+)+-\d+)$/;

/** The version as the string that is stored. */
export function formatVersion({ milliseconds, counter, region }: Version): string {
  return `${String(milliseconds).padStart(MILLISECOND_DIGITS, "0")}-${String(counter).padStart(COUNTER_DIGITS, "0")}-${region}`;
}

/** The parts of a stored version; undefined when the value is not a version. */
export function parseVersion(value: unknown): Version | undefined {
  const match = typeof value === "string" ? PATTERN.exec(value) : null;
  return match ? { milliseconds: Number(match[1]), counter: Number(match[2]), region: match[3] } : undefined;
}

/**
 * The version of a local write: the clock's time, or just past the version that the writer has seen when the clock
 * stands behind it, so that a region with a slow clock can still change what a fast one wrote.
 * @param region AWS code of the region that writes.
 * @param now milliseconds since 1970 by this region's clock.
 * @param seen the version that the write replaces; undefined for a first write.
 */
export function nextVersion(region: string, now: number, seen: string | undefined): string {
  const last = parseVersion(seen);
  if (!last || now > last.milliseconds) return formatVersion({ milliseconds: now, counter: 0, region });
  if (last.counter < MAXIMUM_COUNTER)
    return formatVersion({ milliseconds: last.milliseconds, counter: last.counter + 1, region });
  return formatVersion({ milliseconds: last.milliseconds + 1, counter: 0, region });
}

/** How far a version is ahead of a clock, in milliseconds; negative when it is behind. */
export function millisecondsAhead(version: Version, now: number): number {
  return version.milliseconds - now;
}

/** Returns the largest version that is not too far ahead of another one's time; every text above it is no credible version. */
export function latestCredible(version: string): string {
  const milliseconds = (parseVersion(version)?.milliseconds ?? 0) + MAXIMUM_AHEAD_MS;
  return `${String(milliseconds).padStart(MILLISECOND_DIGITS, "0")}-~`;
}

/** Whether a version is so far ahead that only a wrong clock can have made it; a write must not build on it. */
export function isTooFarAhead(version: Version, now: number): boolean {
  return millisecondsAhead(version, now) > MAXIMUM_AHEAD_MS;
}
