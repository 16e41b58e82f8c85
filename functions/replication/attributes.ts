import { parseVersion } from "./version";

/** Replication attributes that every item has beside its own attributes. */
export interface ReplicationAttributes {
  /** Version of the write; see `version.ts`. */
  readonly version: string;
  /** AWS code of the region where the item was written. */
  readonly origin: string;
  /** Newest version of each region that the writer knew, by AWS region code. */
  readonly seen: Readonly<Record<string, string>>;
  /** True on a tombstone, absent otherwise. */
  readonly deleted?: true;
  /** Time to live of a tombstone, in seconds since 1970; absent otherwise. */
  readonly expiresAt?: number;
}

/**
 * Maximum number of regions in the `seen` of a new write, and in the condition of a put. There are two regions, and others only after a
 * change of the pair. Without a limit, every write would carry along what an item has collected, and the condition would exceed the 4 KB
 * of an expression: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
 */
export const MAXIMUM_SEEN_REGIONS = 16;

/**
 * Returns the `seen` attribute of a write that replaces an item: everything that the item's writer knew, and the item itself.
 * An item without an origin or a valid version adds nothing. A string that sorts above all versions would mark every write of
 * that region as known.
 */
export function seenAfter(read: Partial<ReplicationAttributes> | undefined): Record<string, string> {
  const { seen, origin, version } = read ?? {};
  return newestSeen({ ...seen, ...(origin && version && parseVersion(version) && { [origin]: version }) });
}

/**
 * Returns the valid entries of a stored `seen`: versions of the entry's own region that are lower than the version of the write.
 * A write always has a higher version than everything its writer knew. An invalid entry could mark every write of a region as
 * known, and the next one would be overwritten without a conflict.
 * @param version of the write; undefined if unknown.
 */
export function credibleSeen(
  seen: Readonly<Record<string, string | undefined>>,
  version: string | undefined,
): Record<string, string> {
  const entries = Object.entries(seen).filter((entry): entry is [string, string] => {
    const [region, known] = entry;
    return parseVersion(known)?.region === region && (!version || (known ?? "") < version);
  });
  return Object.fromEntries(entries);
}

/**
 * Returns the entries with the newest versions, at most `MAXIMUM_SEEN_REGIONS`. A region that is left out counts as unknown, so no conflict
 * is hidden.
 */
export function newestSeen(seen: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(seen);
  if (entries.length <= MAXIMUM_SEEN_REGIONS) return { ...seen };
  const newestFirst = entries.sort(([, left], [, right]) => (left < right ? 1 : -1));
  return Object.fromEntries(newestFirst.slice(0, MAXIMUM_SEEN_REGIONS));
}
