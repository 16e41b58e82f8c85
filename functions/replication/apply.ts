import type { Image } from "../shared/image";
import { listingAttributesOf } from "../tickets/listing-attributes";
import { conflictEntry } from "./conflict-entry";
import type { ConflictLog } from "./conflict-log";
import { resolveConflict } from "./conflict-resolution";
import { crossingProblem, isCrossingReserved, mayCross } from "./crossing";
import { REJECTED_ITEM } from "./failure";
import { ReplicatedWrite, versionedWrite } from "./replicated-write";
import type { TargetTable } from "./target-table";

/** Tables that a write is applied to. */
export interface ApplyContext {
  readonly target: TargetTable;
  readonly conflicts: ConflictLog;
}

/** Result of applying a write. */
export interface ApplyResult {
  /** `stale`: the same write or a newer one is already stored. */
  readonly result: "applied" | "stale";
  /** Whether the write met a conflict that was not recorded before. */
  readonly conflict: boolean;
}

/** Maximum optimistic-lock retries. */
const ATTEMPTS = 10;

/**
 * Applies a write of one region to the other region's table. Replication, redrive and reconcile all use this rule. Without a
 * conflict it makes a single call. A conflict is recorded before the losing item is overwritten, so no failure can lose it.
 * @throws Error named `REJECTED_ITEM` if the item may not cross regions; Error named `UNVERSIONED_ITEM` if the incoming or the
 * stored image has no valid version or no origin; a retryable Error if the stored item keeps changing; and every error of the
 * tables.
 */
export async function applyWrite({ target, conflicts }: ApplyContext, image: Image): Promise<ApplyResult> {
  const incoming = crossingWrite(image);
  if (isCrossingReserved(incoming.id, incoming.origin)) {
    const isNewer = await target.refresh(incoming);
    return { result: isNewer ? "applied" : "stale", conflict: false };
  }
  let conflict = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await target.put(incoming);
    if (!found) return { result: "applied", conflict };
    const stored = versionedWrite(found, "in the target table");
    const { wins, isConflict } = resolveConflict(incoming, stored);
    const entry = wins ? conflictEntry(stored, incoming) : conflictEntry(incoming, stored);
    if (isConflict && (await conflicts.record(entry))) conflict = true;
    if (!wins) return { result: "stale", conflict };
    if (await target.replace(incoming, stored.version)) return { result: "applied", conflict };
  }
  throw new Error(
    `The item ${incoming.id} in the target table changed during each of ${ATTEMPTS} attempts to replace it.`,
  );
}

/** Returns the hash keys of the sharded indexes for the image of a ticket; undefined for every other image. */
function shardsOf({ id, createdAt, status, assignee, deleted }: Image): Image | undefined {
  if (deleted !== undefined) return undefined;
  const listing = listingAttributesOf({
    id: id?.S,
    createdAt: createdAt?.S,
    status: status?.S,
    assignee: assignee?.S,
  });
  return listing && { statusShard: { S: listing.statusShard }, assigneeShard: { S: listing.assigneeShard } };
}

/**
 * Returns the write of an image that may be written to another region's table.
 * @throws Error named `REJECTED_ITEM` if it may not cross regions; Error named `UNVERSIONED_ITEM` if it has no valid version.
 */
export function crossingWrite(image: Image): ReplicatedWrite {
  const [id, origin] = [image.id?.S ?? "", image.origin?.S ?? ""];
  if (!mayCross(id, origin))
    throw Object.assign(new Error(crossingProblem(id, origin)), { name: REJECTED_ITEM });
  // The other region may run an older version of the program, which does not store all listing attributes.
  return versionedWrite({ ...image, ...shardsOf(image) }, "to apply");
}
