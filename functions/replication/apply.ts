import { conflictEntry } from "./conflict-entry";
import type { ConflictLog } from "./conflict-log";
import { crossingProblem, isCrossingReserved, mayCross } from "./crossing";
import { REJECTED_ITEM, UNVERSIONED_ITEM } from "./failure";
import { judge } from "./judge";
import { ReplicatedWrite, replicatedWrite } from "./replicated-write";
import type { Image } from "./stream-record";
import type { TargetTable } from "./target-table";

/** What a write is applied with. */
export interface ApplyContext {
  readonly target: TargetTable;
  readonly conflicts: ConflictLog;
}

/** What became of a write. */
export interface Applied {
  /** `stale`: what is stored is the same write or a newer one. */
  readonly result: "applied" | "stale";
  /** Whether it met a conflict that nobody had recorded before. */
  readonly conflict: boolean;
}

/** How often what is stored may change under it. */
const ATTEMPTS = 10;

/**
 * Applies a write of one region to a table of the other: the one rule for replication, redrive and reconcile. In the
 * ordinary case it is one call. A conflict is recorded before anything else happens to the losing item, so that no
 * failure can overwrite it unrecorded.
 * @throws Error named `REJECTED_ITEM` for an item that may not cross regions; Error named `UNVERSIONED_ITEM` for an image that
 * the rule cannot judge, incoming or stored; an Error that may be tried again when what is stored keeps changing; and what
 * the tables throw.
 */
export async function applyWrite({ target, conflicts }: ApplyContext, image: Image): Promise<Applied> {
  const incoming = crossing(image);
  if (isCrossingReserved(incoming.id, incoming.origin)) {
    const isNewer = await target.refresh(incoming);
    return { result: isNewer ? "applied" : "stale", conflict: false };
  }
  let conflict = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await target.put(incoming);
    if (!found) return { result: "applied", conflict };
    const stored = judgeable(found, "in the target table");
    const { wins, isConflict } = judge(incoming, stored);
    const entry = wins ? conflictEntry(stored, incoming) : conflictEntry(incoming, stored);
    if (isConflict && (await conflicts.record(entry))) conflict = true;
    if (!wins) return { result: "stale", conflict };
    if (await target.replace(incoming, stored.version)) return { result: "applied", conflict };
  }
  throw new Error(`The item ${incoming.id} changed ${ATTEMPTS} times while it was to be replaced.`);
}

/**
 * Returns the write that an image is of, if it may be written to another region's table.
 * @throws Error named `REJECTED_ITEM` when it may not; Error named `UNVERSIONED_ITEM` when the rule cannot judge it.
 */
export function crossing(image: Image): ReplicatedWrite {
  const [id, origin] = [image.id?.S ?? "", image.origin?.S ?? ""];
  const mayBe = mayCross(id, origin);
  if (!mayBe) throw Object.assign(new Error(crossingProblem(id, origin)), { name: REJECTED_ITEM });
  return judgeable(image, "to be applied");
}

function judgeable(image: Image, where: string): ReplicatedWrite {
  const write = replicatedWrite(image);
  if (write) return write;
  const message =
    `The item ${image.id?.S ?? "without an id"} ${where} has no version in the known form or no origin. ` +
    "Reconcile can give an item that never had them its own (npm run reconcile -- --help).";
  throw Object.assign(new Error(message), { name: UNVERSIONED_ITEM });
}
