import type { ReplicationAttributes } from "./attributes";
import { haveEqualContent } from "./content";
import type { ReplicatedWrite } from "./replicated-write";

/** What of a write tells which others its writer knew. */
export type WriteOrder = Pick<ReplicationAttributes, "version" | "origin" | "seen">;

/** What becomes of a write that meets another of the same item. */
export interface Resolution {
  /** Whether the incoming write replaces the stored one. */
  readonly wins: boolean;
  /** Whether the newer of the two was made in another region than the older, without knowing of it, and says something else. */
  readonly isConflict: boolean;
}

/**
 * Judges between an incoming write and the stored one. The newer version wins, whoever asks and in whatever order they
 * meet; the rest only tells whether the older one is lost knowingly. Of the same version, they are one write that came
 * twice; of the same region, one was made over the other; and when both say the same, as a request that a client sent to
 * both regions, nothing is lost.
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

/** Whether the writer of the newer write knew the older one, or one of its region that was made over it. */
export function knows(newer: WriteOrder, older: WriteOrder): boolean {
  return newer.origin === older.origin || (newer.seen[older.origin] ?? "") >= older.version;
}
