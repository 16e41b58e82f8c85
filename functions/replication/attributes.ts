import { parseVersion } from "./version";

/**
 * What replication keeps on every item beside the item's own attributes.
 */
export interface ReplicationAttributes {
  /** The write's version, see `version.ts`. */
  readonly version: string;
  /** AWS code of the region of the write. */
  readonly origin: string;
  /** Per AWS region code, the newest version from there that the writer knew. */
  readonly seen: Readonly<Record<string, string>>;
  /** True on a tombstone, absent otherwise. */
  readonly deleted?: true;
  /** Epoch seconds at which DynamoDB may purge a tombstone; absent otherwise. */
  readonly expiresAt?: number;
}

/**
 * What a writer knows of an item once it has read it: all that its last writer knew, and that write itself. An item that
 * somebody wrote by hand may have no origin, or no version that can be read, and adds nothing: a text that sorts above all
 * versions would say that everything of that region is known.
 */
export function seenAfter(read: Partial<ReplicationAttributes> | undefined): Record<string, string> {
  const { seen, origin, version } = read ?? {};
  return { ...seen, ...(origin && version && parseVersion(version) && { [origin]: version }) };
}

/**
 * Returns the entries of a stored `seen` that a writer can have made: a version of the entry's own region that is older than the
 * write, because a write's version is above all that its writer knew. Any other text would say that every write of that region
 * is known, and the next one would be overwritten without a conflict.
 * @param version of the write; undefined when it is not known.
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
