/** Sparse index of the tickets by status and time of creation. Replaced by {@link STATUS_SHARD_INDEX}. */
export const STATUS_INDEX = "byStatus";
/** Sparse index of the tickets by status, assignee and time of creation. Replaced by {@link ASSIGNEE_SHARD_INDEX}. */
export const ASSIGNEE_INDEX = "byAssignee";
/** Sparse index of the keys of the tickets by status, shard and time of creation. */
export const STATUS_SHARD_INDEX = "byStatusShard";
/** Sparse index of the keys of the tickets by status, assignee, shard and time of creation. */
export const ASSIGNEE_SHARD_INDEX = "byAssigneeShard";

/**
 * Number of shards of each hash value of the sharded indexes. The stages of both regions let 1,000 writes a second through, and all of
 * them arrive in each table. Each consumes one write unit of one hash value, or one of two hash values if the status changes, so four
 * shards carry four times as much: a margin for an uneven hash, retries, and the backlog after an outage. Every page queries each shard
 * of each status, so more shards make every list more expensive.
 */
const SHARDS = 4;

/** All shards of a hash value. */
export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

/** Returns the shard of a ticket. It is stored, so the function must never change. */
export function shardOf(id: string): number {
  // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  // The finalizer of MurmurHash3 spreads the last characters over all bits: https://github.com/aappleby/smhasher
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % SHARDS;
}

/** Returns the hash key of `byStatusShard`. */
export function statusShard(status: string, shard: number): string {
  return `${status}#${shard}`;
}

/** Returns the hash key of `byAssigneeShard`; the assignee is empty for unassigned tickets. */
export function assigneeShard(status: string, assignee: string, shard: number): string {
  return `${status}#${assignee}#${shard}`;
}
