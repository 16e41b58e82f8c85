import type { Image } from "../replication/stream-record";
import { isTooFarAhead, parseVersion, Version } from "../replication/version";
import { unreadableItem } from "../shared/stored-item";

/**
 * Returns the version of an item that only its region writes and that replicates: a heartbeat or a lag probe.
 * @param region AWS code of the region that writes it.
 * @param now milliseconds since 1970.
 * @throws UnreadableItem for an item that this region cannot have written by then: it would hide that replication stands still.
 */
export function versionOfRegion(stored: Image, region: string, now: number): Version {
  const version = parseVersion(stored.version?.S);
  if (!version) throw unreadableItem(stored, "it has no version in the known form");
  if (version.region !== region || stored.origin?.S !== region)
    throw unreadableItem(stored, `it was not written in ${region}`);
  if (isTooFarAhead(version, now)) throw unreadableItem(stored, "its version is too far ahead of the clock");
  return version;
}
