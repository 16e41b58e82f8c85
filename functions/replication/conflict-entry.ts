import type { ReplicatedWrite } from "./replicated-write";
import type { Image } from "../shared/image";
import { parseVersion } from "./version";

/**
 * Conflict: a write that lost to a newer write of the other region, whose writer did not know it. The entry depends on the two
 * writes only, so it is equal in both regions.
 */
export interface ConflictEntry {
  /** Id of the item; hash key of the table. */
  readonly id: string;
  /** Range key of the table: there is one entry per losing write, however often it is delivered. */
  readonly losingVersion: string;
  /** AWS code of the region of the losing write. */
  readonly losingOrigin: string;
  /** Lowest version that is known to have won. It may have been replaced since. */
  readonly winningVersion: string;
  /** AWS code of the region of the winning write. */
  readonly winningOrigin: string;
  /** Time of the winning version, ISO 8601, UTC. */
  readonly at: string;
  /** Complete image of the losing item. */
  readonly losing: Image;
  /** Time to live, in seconds since 1970. */
  readonly expiresAt: number;
}

/** Index of the conflict table that lists the entries of all items, newest losing write first. */
export const RECENCY_INDEX = "byRecency";
/** Hash key of the index. All entries have the same value, because conflicts are rare. */
export const CONFLICT_LISTING = "conflicts";

/** Retention of an entry after its conflict, in seconds: 90 days. */
const CONFLICT_SECONDS = 90 * 24 * 60 * 60;

/** Returns the entry of a losing and a winning write. */
export function conflictEntry(losing: ReplicatedWrite, winning: ReplicatedWrite): ConflictEntry {
  const milliseconds = parseVersion(winning.version)?.milliseconds ?? 0;
  return {
    id: losing.id,
    losingVersion: losing.version,
    losingOrigin: losing.origin,
    winningVersion: winning.version,
    winningOrigin: winning.origin,
    at: new Date(milliseconds).toISOString(),
    losing: losing.image,
    expiresAt: Math.floor(milliseconds / 1000) + CONFLICT_SECONDS,
  };
}

/** Returns the item that the conflict table stores for an entry, with the key of the index. */
export function conflictImage(entry: ConflictEntry): Image {
  const { losing, expiresAt, ...texts } = entry;
  const strings = Object.entries(texts).map(([name, value]) => [name, { S: value }]);
  const rest = {
    losing: { M: losing },
    expiresAt: { N: String(expiresAt) },
    listing: { S: CONFLICT_LISTING },
  };
  return { ...Object.fromEntries(strings), ...rest };
}

/** Returns the entry that an item of the conflict table holds; undefined if the item is malformed. */
export function conflictEntryOf(image: Image): ConflictEntry | undefined {
  const text = (name: keyof ConflictEntry): string => image[name]?.S ?? "";
  const [losing, expiresAt] = [image.losing?.M, Number(image.expiresAt?.N)];
  const entry = {
    id: text("id"),
    losingVersion: text("losingVersion"),
    losingOrigin: text("losingOrigin"),
    winningVersion: text("winningVersion"),
    winningOrigin: text("winningOrigin"),
    at: text("at"),
  };
  const isWellFormed =
    parseVersion(entry.losingVersion)?.region === entry.losingOrigin &&
    parseVersion(entry.winningVersion)?.region === entry.winningOrigin &&
    Number.isFinite(Date.parse(entry.at));
  return isWellFormed && losing && Number.isFinite(expiresAt) ? { ...entry, losing, expiresAt } : undefined;
}
