import type { Image } from "../../../functions/shared/image";
import { resolveConflict } from "../../../functions/replication/conflict-resolution";
import { areEqualImages } from "../../../functions/replication/content";
import { replicatedWrite, type ReplicatedWrite } from "../../../functions/replication/replicated-write";
import { parseVersion } from "../../../functions/replication/version";

/** Item of one region under the id of a ticket. */
export interface RegionItem {
  /** Region alias. */
  readonly name: string;
  /** AWS code of the region. */
  readonly code: string;
  /** Undefined if the region has no item. */
  readonly image: Image | undefined;
  /** Whether the region responded. */
  readonly isKnown: boolean;
}

/** Result of comparing the items of both regions. */
export interface Comparison {
  /**
   * `equal`: nothing to do. `pending`: one region lacks the newest write. `conflict`: both wrote without knowing of each other, and
   * at least one region lacks the newest write. `broken`: replication cannot repair it. `unknown`: a region does not respond.
   */
  readonly kind: "equal" | "pending" | "conflict" | "broken" | "unknown";
  /** The difference in words. */
  readonly text: string;
  /** Alias of the region that lacks the newest write; undefined if none does. */
  readonly behind?: string;
}

const RECONCILE = "Run npm run reconcile.";

/** Compares the items of both regions as replication and reconcile do. */
export function compareItems(left: RegionItem, right: RegionItem): Comparison {
  const silent = [left, right].filter(({ isKnown }) => !isKnown).map(({ name }) => name);
  if (silent.length > 0)
    return {
      kind: "unknown",
      text: `${silent.join(" and ")} ${silent.length > 1 ? "do" : "does"} not respond`,
    };
  if (!left.image && !right.image) return { kind: "equal", text: "In neither region" };
  if (!left.image) return missing(left, right);
  if (!right.image) return missing(right, left);
  const [one, other] = [replicatedWrite(left.image), replicatedWrite(right.image)];
  if (!one || !other) {
    const where = [...(one ? [] : [left.name]), ...(other ? [] : [right.name])].join(" and ");
    return { kind: "broken", text: `No valid version in ${where}. It cannot be replicated.` };
  }
  return compareWrites({ ...left, write: one }, { ...right, write: other });
}

interface WrittenItem extends RegionItem {
  readonly write: ReplicatedWrite;
}

function compareWrites(left: WrittenItem, right: WrittenItem): Comparison {
  const [one, other] = [left.write, right.write];
  if (one.version === other.version) {
    if (!areEqualImages(one.image, other.image))
      return { kind: "broken", text: "Same version, different content. Run npm run reconcile -- --deep." };
    return { kind: "equal", text: isDeleted(left) ? "Deleted in both regions" : "Equal" };
  }
  const [newer, older] = one.version > other.version ? [left, right] : [right, left];
  const behind = older.name;
  if (resolveConflict(newer.write, older.write).isConflict) {
    const text = `Conflict: neither write knew the other. ${newer.name}'s is newer and wins.`;
    return { kind: "conflict", behind, text };
  }
  const age = ageOf(newer.write, older.write);
  const text =
    isDeleted(newer) !== isDeleted(older) ? acrossDelete(newer, older) : `Older in ${behind}, by ${age}`;
  return { kind: "pending", behind, text };
}

function acrossDelete(newer: RegionItem, older: RegionItem): string {
  return isDeleted(newer)
    ? `Deleted in ${newer.name}, an older version in ${older.name}`
    : `Written in ${newer.name} after the delete that ${older.name} has`;
}

function missing(without: RegionItem, present: RegionItem): Comparison {
  const write = present.image && replicatedWrite(present.image);
  const what = isDeleted(present)
    ? `Missing in ${without.name}, deleted in ${present.name}`
    : `Missing in ${without.name}`;
  if (!write)
    return {
      kind: "broken",
      behind: without.name,
      text: `${what}. Without a valid version it cannot be replicated.`,
    };
  if (write.origin === without.code)
    return { kind: "broken", behind: without.name, text: `${what}, which wrote it. ${RECONCILE}` };
  return { kind: "pending", behind: without.name, text: what };
}

/** Returns whether a region has a tombstone. */
export function isDeleted({ image }: RegionItem): boolean {
  return image?.deleted?.BOOL === true;
}

/** Returns the time between two versions, such as `2.5 s`. */
function ageOf(newer: ReplicatedWrite, older: ReplicatedWrite): string {
  const time = ({ version }: ReplicatedWrite): number => parseVersion(version)?.milliseconds ?? 0;
  const ms = time(newer) - time(older);
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

/** Returns the names of the attributes that differ between two items, sorted. */
export function differingAttributes(left: Image, right: Image): string[] {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const partOf = (image: Image, name: string): Image =>
    image[name] === undefined ? {} : { value: image[name] };
  return names.filter((name) => !areEqualImages(partOf(left, name), partOf(right, name))).sort();
}
