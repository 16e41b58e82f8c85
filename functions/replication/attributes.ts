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
 * Returns the `seen` attribute of a write that replaces an item: everything that the item's writer knew, and the item itself.
 * An item without an origin or a valid version adds nothing. A string that sorts above all versions would mark every write of
 * that region as known.
 */
export function seenAfter(read: Partial<ReplicationAttributes> | undefined): Record<string, string> {
  const { seen, origin, version } = read ?? {};
  return { ...seen, ...(origin && version && parseVersion(version) && { [origin]: version }) };
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
