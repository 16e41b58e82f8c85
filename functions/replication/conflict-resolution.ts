import type { ReplicationAttributes } from "./attributes";
import { haveEqualContent } from "./content";
import type { ReplicatedWrite } from "./replicated-write";

/** Attributes that order writes and tell which other writes their writer knew. */
export type WriteOrder = Pick<ReplicationAttributes, "version" | "origin" | "seen">;

/** Result of resolving an incoming write against the stored one. */
export interface Resolution {
  /** Whether the incoming write replaces the stored one. */
  readonly wins: boolean;
  /** Whether the newer write comes from another region, did not know the older one, and has different content. */
  readonly isConflict: boolean;
}

/**
 * Resolves an incoming write against the stored one. The newer version wins, in either region and in any order of arrival.
 *
 * It is no conflict in these cases:
 * - Both have the same version: it is one write, delivered twice.
 * - Both come from the same region: one replaced the other there.
 * - The newer write knew the older one.
 * - Both have equal content, as when a client sends a request to both regions: nothing is lost.
 */
export function resolveConflict(
  incoming: Pick<ReplicatedWrite, keyof WriteOrder | "image">,
  stored: Pick<ReplicatedWrite, keyof WriteOrder | "image">,
): Resolution {
  const wins = incoming.version > stored.version;
  const [newer, older] = wins ? [incoming, stored] : [stored, incoming];
  const isUnknown = newer.version !== older.version && !knows(newer, older);
  return { wins, isConflict: isUnknown && !haveEqualContent(newer.image, older.image) };
}

/** Returns whether the writer of the newer write knew the older one, or a later one of the older write's region. */
export function knows(newer: WriteOrder, older: WriteOrder): boolean {
  return newer.origin === older.origin || (newer.seen[older.origin] ?? "") >= older.version;
}
