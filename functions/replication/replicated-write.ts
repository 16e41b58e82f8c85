import { type Image, textsOf } from "../shared/image";
import { credibleSeen, ReplicationAttributes } from "./attributes";
import { UNVERSIONED_ITEM } from "./failure";
import { parseVersion } from "./version";

/** Write of an item, with the attributes that conflict resolution compares. */
export interface ReplicatedWrite extends Pick<ReplicationAttributes, "version" | "origin" | "seen"> {
  /** Value of the item's hash key. */
  readonly id: string;
  readonly image: Image;
}

/** Returns the write of an image; undefined if the image has no id, no valid version or no origin. */
export function replicatedWrite(image: Image): ReplicatedWrite | undefined {
  const [id, version, origin] = [image.id?.S, image.version?.S, image.origin?.S];
  if (!id || !version || !origin || !parseVersion(version)) return undefined;
  return { id, version, origin, seen: credibleSeen(textsOf(image.seen?.M), version), image };
}

/**
 * Returns the write of an image that must have a version and an origin.
 * @param place of the item, for the error's message, such as `in the target table`.
 * @throws Error named `UNVERSIONED_ITEM` if it has no valid version or no origin.
 */
export function versionedWrite(image: Image, place: string): ReplicatedWrite {
  const write = replicatedWrite(image);
  if (write) return write;
  const message =
    `The item ${image.id?.S ?? "without an id"} ${place} has no valid version or no origin. ` +
    "Reconcile can assign a version to an item that never had one (npm run reconcile -- --help).";
  throw Object.assign(new Error(message), { name: UNVERSIONED_ITEM });
}
