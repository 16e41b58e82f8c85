import { expectedHeartbeatIds, versionOfRegion } from "../../functions/heartbeat/heartbeat";
import { heartbeatIds } from "../../functions/shared/reserved-items";
import type { Image } from "../../functions/shared/image";

/** A region's table. */
export interface HeartbeatSource {
  /** Region alias and AWS code. */
  readonly region: { readonly name: string; readonly code: string };
  /** Returns the stored items among some keys, by key. */
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Image>>;
}

/** Heartbeat of one direction of replication. */
export interface HeartbeatTimes {
  /** Greatest time between the writes of an item that arrived last and of the one that was written last, in milliseconds. */
  readonly behindMs: number;
  /** Time of the last heartbeat in the source, that of its oldest item: milliseconds since 1970. */
  readonly written: number;
}

/**
 * Compares the items of the source's heartbeat in both tables. The worst of them counts, because each shows the state of one shard.
 * @param clock time of the source in milliseconds since 1970.
 * @throws Error when an item is missing or malformed, or a table does not answer.
 */
export async function heartbeatTimes(
  source: HeartbeatSource,
  target: HeartbeatSource,
  clock: () => number,
): Promise<HeartbeatTimes> {
  const { name, code } = source.region;
  const ids = heartbeatIds(code);
  // The target is read first: a heartbeat that arrives in between would cause a negative lag.
  const arrived = await target.read(ids);
  const written = await source.read(ids);
  const times = expectedHeartbeatIds(written, code).map((id) => {
    const timeIn = (items: ReadonlyMap<string, Image>, region: string): number => {
      const stored = items.get(id);
      if (stored) return versionOfRegion(stored, code, clock()).milliseconds;
      throw new Error(`no ${id} of ${name} has reached ${region} yet`);
    };
    const writtenAt = timeIn(written, name);
    return { writtenAt, behindMs: writtenAt - timeIn(arrived, target.region.name) };
  });
  return {
    behindMs: Math.max(...times.map(({ behindMs }) => behindMs)),
    written: Math.min(...times.map(({ writtenAt }) => writtenAt)),
  };
}
