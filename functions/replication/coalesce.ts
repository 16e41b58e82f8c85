import { compareSequenceNumbers } from "./sequence-number";
import type { ReplicableRecord } from "./stream-record";

/** Records of one item in a batch, newest version first. */
export type ItemRecords = readonly ReplicableRecord[];

/**
 * Groups a batch by item, newest version first, regardless of the order of arrival. Only the newest record is applied. The older
 * ones are used if the newest can never be applied.
 * @returns the groups in the order of the sequence number of their newest record.
 */
export function coalesceByItem(records: readonly ReplicableRecord[]): ItemRecords[] {
  const groups = new Map<string, ReplicableRecord[]>();
  for (const record of records) groups.set(record.id, [...(groups.get(record.id) ?? []), record]);
  const items = [...groups.values()].map((group) => group.sort(newestFirst));
  return items.sort(([left], [right]) => compareSequenceNumbers(left.sequenceNumber, right.sequenceNumber));
}

function newestFirst(left: ReplicableRecord, right: ReplicableRecord): number {
  if (left.versionText === right.versionText) return 0;
  return left.versionText < right.versionText ? 1 : -1;
}
