import type { ReplicationAttributes } from "./attributes";

/** What of a write decides between it and another of the same item. */
export type Stamp = Pick<ReplicationAttributes, "version" | "origin" | "seen">;

/** What becomes of a write that meets another of the same item. */
export interface Verdict {
  /** Whether the incoming write replaces the stored one. */
  readonly wins: boolean;
  /** Whether the newer of the two was made in another region than the older, without knowing of it. */
  readonly isConflict: boolean;
}

/**
 * Judges between an incoming write and the stored one. The newer version wins, whoever asks and in whatever order they
 * meet; `seen` only tells whether the older one is lost knowingly. Of the same version, they are one write that came
 * twice; of the same region, one was made over the other.
 */
export function judge(incoming: Stamp, stored: Stamp): Verdict {
  const wins = incoming.version > stored.version;
  const [newer, older] = wins ? [incoming, stored] : [stored, incoming];
  return { wins, isConflict: newer.version !== older.version && !knows(newer, older) };
}

/** Whether the writer of the newer write knew the older one, or one of its region that was made over it. */
function knows(newer: Stamp, older: Stamp): boolean {
  return newer.origin === older.origin || (newer.seen[older.origin] ?? "") >= older.version;
}
