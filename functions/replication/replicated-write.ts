import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { credibleSeen, ReplicationAttributes } from "./attributes";
import type { Image } from "./stream-record";
import { parseVersion } from "./version";

/** A write as the rule of replication looks at it. */
export interface ReplicatedWrite extends Pick<ReplicationAttributes, "version" | "origin" | "seen"> {
  /** The value of the item's hash key. */
  readonly id: string;
  readonly image: Image;
}

/** The write that an image is of; undefined when it has no id, no version in the known form or no origin. */
export function replicatedWrite(image: Image): ReplicatedWrite | undefined {
  const [id, version, origin] = [image.id?.S, image.version?.S, image.origin?.S];
  if (!id || !version || !origin || !parseVersion(version)) return undefined;
  return { id, version, origin, seen: credibleSeen(textsOf(image.seen?.M), version), image };
}

/** The texts of a map, and undefined for its other values; of none when there is no map. The SDK reads an attribute named `__proto__` as undefined. */
export function textsOf(
  map: Readonly<Record<string, AttributeValue | undefined>> = {},
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, value?.S]));
}
