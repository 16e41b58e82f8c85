import type { ReplicatedWrite } from "./replicated-write";
import type { Image } from "../shared/image";
import { parseVersion } from "./version";

/**
 * A conflict: a write that lost to a newer one of the other region whose writer did not know it. It is made of the two
 * writes alone, so both regions tell it in the same words.
 */
export interface ConflictEntry {
  /** The item's id, the table's hash key. */
  readonly id: string;
  /** The table's range key: a write loses once, however often it is delivered. */
  readonly losingVersion: string;
  /** AWS code of the region of the write that lost. */
  readonly losingOrigin: string;
  /** The lowest version that was seen to win over it; that one may have been replaced since. */
  readonly winningVersion: string;
  /** AWS code of the region of the write that won. */
  readonly winningOrigin: string;
  /** The winning version's time, ISO 8601, UTC. */
  readonly at: string;
  /** The item that lost, whole. */
  readonly losing: Image;
  /** Epoch seconds at which DynamoDB may forget the entry. */
  readonly expiresAt: number;
}

/** The index of the conflict table that lists the entries of all items, newest losing write first. */
export const RECENCY_INDEX = "byRecency";
/** The index's hash key, the same in every entry: conflicts are few. */
export const CONFLICT_LISTING = "conflicts";

/** How long an entry is kept after its conflict, in seconds: 90 days. */
const CONFLICT_SECONDS = 90 * 24 * 60 * 60;

/** The entry of a write that lost to another. */
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

/** An entry as the conflict table stores it, with what it is listed by. */
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

/** The entry of an image of the conflict table; undefined for an image that is not a well-formed entry. */
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
  const isWhole =
    parseVersion(entry.losingVersion)?.region === entry.losingOrigin &&
    parseVersion(entry.winningVersion)?.region === entry.winningOrigin &&
    Number.isFinite(Date.parse(entry.at));
  return isWhole && losing && Number.isFinite(expiresAt) ? { ...entry, losing, expiresAt } : undefined;
}
