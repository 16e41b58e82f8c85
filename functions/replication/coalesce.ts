import type { ReplicableRecord } from "./stream-record";

/** The records of one item in a batch, newest version first. */
export type ItemRecords = readonly ReplicableRecord[];

/**
 * Groups a batch by item, each with its newest version first, whatever the order of arrival. Only the newest matters;
 * the older ones are kept for the case that the newest turns out to be one that can never be applied.
 * @returns the groups in the order of their newest record's sequence number.
 */
export function coalesceByItem(records: readonly ReplicableRecord[]): ItemRecords[] {
  const groups = new Map<string, ReplicableRecord[]>();
  for (const record of records) groups.set(record.id, [...(groups.get(record.id) ?? []), record]);
  const folded = [...groups.values()].map((group) => group.sort(newestFirst));
  return folded.sort(([left], [right]) => (left.sequenceNumber < right.sequenceNumber ? -1 : 1));
}

function newestFirst(left: ReplicableRecord, right: ReplicableRecord): number {
  if (left.versionText === right.versionText) return 0;
  return left.versionText < right.versionText ? 1 : -1;
}
