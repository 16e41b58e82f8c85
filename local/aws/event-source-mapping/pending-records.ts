import { digestOf } from "../seeded-ids";
import type { EventFilter } from "./event-filter";
import type { ReadRecord } from "./event-record";

/** Maximum size of a batch: Lambda's payload limit of 6 MiB, less 1 KiB for the JSON around the records. */
const MAX_BATCH_BYTES = 6 * 1024 * 1024 - 1024;

/** Record with its lane. The batches of one lane are delivered in order, those of different lanes at the same time. */
interface PendingRecord {
  readonly record: ReadRecord;
  lane: number;
  processed: boolean;
}

/**
 * Records of a shard that were read and are not yet processed, in order. With a parallelization factor, each item has one of that many lanes,
 * so its records stay in order.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html ("ParallelizationFactor")
 */
export class PendingRecords {
  private readonly entries: PendingRecord[] = [];

  /** @param lanes parallelization factor. */
  constructor(private lanes: number) {}

  get size(): number {
    return this.entries.length;
  }

  /** Number of lanes. Change it only while no batch is being delivered. */
  get laneCount(): number {
    return this.lanes;
  }

  set laneCount(lanes: number) {
    this.lanes = lanes;
    for (const entry of this.entries) entry.lane = this.laneOf(entry.record);
  }

  /** Arrival time of the oldest record; undefined if there is none. */
  get oldest(): number | undefined {
    return this.entries[0]?.record.arrivedAt;
  }

  add(record: ReadRecord): void {
    this.entries.push({ record, lane: this.laneOf(record), processed: false });
  }

  /** Applies another filter to all records. */
  filter(passes: EventFilter): void {
    for (const { record } of this.entries) record.matchesFilter = passes(record.event);
  }

  /** Returns how many records of a lane can be delivered. */
  countMatching(lane: number): number {
    return this.of(lane).filter(({ record }) => record.matchesFilter).length;
  }

  /** Returns the records of a lane's next batch. */
  nextBatch(lane: number, batchSize: number): ReadRecord[] {
    const batch: ReadRecord[] = [];
    let bytes = 0;
    for (const { record } of this.of(lane)) {
      if (!record.matchesFilter) continue;
      bytes += Buffer.byteLength(JSON.stringify(record.event)) + 1;
      if (batch.length === batchSize || (batch.length > 0 && bytes > MAX_BATCH_BYTES)) break;
      batch.push(record);
    }
    return batch;
  }

  /**
   * Marks the records of a lane up to one as processed.
   * @returns the record up to which all records of the shard are processed now; undefined if that has not changed.
   */
  complete(lane: number, upTo: ReadRecord): ReadRecord | undefined {
    const open = this.of(lane);
    const count = open.findIndex(({ record }) => record === upTo) + 1;
    open.slice(0, count).forEach((entry) => (entry.processed = true));
    return this.removeProcessed();
  }

  /** Marks the filtered records at the start of a lane as processed. @returns as {@link complete}. */
  skipFiltered(lane: number): ReadRecord | undefined {
    for (const entry of this.of(lane)) {
      if (entry.record.matchesFilter) break;
      entry.processed = true;
    }
    return this.removeProcessed();
  }

  private removeProcessed(): ReadRecord | undefined {
    const firstLeft = this.entries.findIndex(({ processed }) => !processed);
    const count = firstLeft === -1 ? this.entries.length : firstLeft;
    return this.entries.splice(0, count).at(-1)?.record;
  }

  private of(lane: number): PendingRecord[] {
    return this.entries.filter((entry) => entry.lane === lane && !entry.processed);
  }

  private laneOf({ event }: ReadRecord): number {
    if (this.lanes === 1) return 0;
    return parseInt(digestOf(JSON.stringify(event.dynamodb.Keys)).slice(-8), 16) % this.lanes;
  }
}
