import type { BatchDelivery } from "./batch-delivery";
import type { Checkpoints } from "./checkpoints";
import type { EventFilter } from "./event-filter";
import type { MappingContext } from "./mapping-context";
import { retryUntilSuccess, waitForNextPoll, waitUntilActive } from "./mapping-context";
import type { Position, StreamReader } from "./stream-reader";
import { eventRecordOf, type ReadRecord } from "./event-record";

/** Maximum size of a batch: Lambda's payload limit of 6 MiB, less 1 KiB for the JSON around the records. */
const MAX_BATCH_BYTES = 6 * 1024 * 1024 - 1024;

/** Errors after which an iterator is invalid and a new one is needed. */
const INVALID_ITERATOR_ERRORS = [
  "ExpiredIteratorException",
  "ResourceNotFoundException",
  "TrimmedDataAccessException",
  "ValidationException",
];

/** Reads one shard from its checkpoint to its end and delivers its records in batches, one batch at a time. */
export class ShardPoller {
  private readonly pending: ReadRecord[] = [];
  private iterator: string | undefined;
  private closed = false;
  private lastRead: string | undefined;
  private filter: EventFilter;

  /** @param start starting position of a shard without a checkpoint. */
  constructor(
    private readonly context: MappingContext,
    private readonly reader: StreamReader,
    private readonly delivery: BatchDelivery,
    private readonly checkpoints: Checkpoints,
    private readonly shardId: string,
    private start: "TRIM_HORIZON" | "LATEST",
  ) {
    this.lastRead = checkpoints.of(shardId).sequenceNumber;
    this.filter = context.configuration.filter;
  }

  /** Runs until the shard is closed and all of its records are processed. Rejects when the mapping is closed. */
  async run(): Promise<void> {
    while (!this.closed || this.pending.length > 0) {
      await this.fillBatch();
      await this.deliver(this.takeBatch());
    }
    await this.checkpoints.set(this.shardId, { sequenceNumber: this.lastRead, finished: true });
  }

  /** Reads until there is a full batch, the batching window has passed, or there are only filtered records to skip. */
  private async fillBatch(): Promise<void> {
    let windowStart: number | undefined;
    for (;;) {
      await waitUntilActive(this.context);
      this.applyFilter();
      const { batchSize, batchingWindowMs } = this.context.configuration;
      const matching = this.countMatching();
      if (this.closed || matching >= batchSize || (matching === 0 && this.pending.length > 0)) return;
      if (matching > 0) {
        windowStart ??= Date.now();
        if (Date.now() >= windowStart + batchingWindowMs) return;
      }
      const recordCount = await this.read();
      if (recordCount === 0 && !this.closed) await waitForNextPoll(this.context);
    }
  }

  /** Applies a filter that has changed to the records that were read before. */
  private applyFilter(): void {
    const { filter } = this.context.configuration;
    if (filter === this.filter) return;
    this.filter = filter;
    for (const record of this.pending) record.matchesFilter = filter(record.event);
  }

  private countMatching(): number {
    return this.pending.filter(({ matchesFilter }) => matchesFilter).length;
  }

  /** @returns the number of records read. */
  private async read(): Promise<number> {
    const { records, next } = await retryUntilSuccess(this.context, `reading ${this.shardId}`, () =>
      this.tryToRead(),
    );
    const { configuration, clock } = this.context;
    for (const record of records) {
      const event = eventRecordOf(record, configuration.region, configuration.streamArn);
      const sequenceNumber = record.dynamodb?.SequenceNumber ?? "";
      const arrivedAt = record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? clock();
      this.pending.push({ sequenceNumber, arrivedAt, event, matchesFilter: this.filter(event) });
      this.lastRead = sequenceNumber;
    }
    this.iterator = next;
    this.closed = next === undefined;
    this.updateOldest();
    return records.length;
  }

  private async tryToRead(): ReturnType<StreamReader["records"]> {
    try {
      this.iterator ??= await this.reader.iterator(this.shardId, this.position());
      return this.iterator === undefined
        ? { records: [], next: undefined }
        : await this.reader.records(this.iterator);
    } catch (error) {
      const { name } = error as Error;
      if (INVALID_ITERATOR_ERRORS.includes(name)) this.iterator = undefined;
      if (name === "TrimmedDataAccessException") {
        this.lastRead = undefined;
        this.start = "TRIM_HORIZON";
      }
      throw error;
    }
  }

  private position(): Position {
    return this.lastRead === undefined ? this.start : { after: this.lastRead };
  }

  /** Returns the next batch, including the filtered records between and directly after its records. */
  private takeBatch(): ReadRecord[] {
    let count = 0;
    let matching = 0;
    let bytes = 0;
    for (const record of this.pending) {
      if (record.matchesFilter) {
        bytes += Buffer.byteLength(JSON.stringify(record.event)) + 1;
        if (matching === this.context.configuration.batchSize || (matching > 0 && bytes > MAX_BATCH_BYTES))
          break;
        matching++;
      }
      count++;
    }
    return this.pending.slice(0, count);
  }

  private async deliver(taken: readonly ReadRecord[]): Promise<void> {
    const matching = taken.filter((record) => record.matchesFilter);
    if (matching.length > 0)
      await this.delivery.deliver(this.shardId, matching, (upTo) => this.processed(upTo));
    if (taken.length > 0) await this.processed(taken[taken.length - 1]);
  }

  private async processed(upTo: ReadRecord): Promise<void> {
    this.pending.splice(0, this.pending.indexOf(upTo) + 1);
    this.updateOldest();
    await this.checkpoints.set(this.shardId, { sequenceNumber: upTo.sequenceNumber });
  }

  private updateOldest(): void {
    this.context.status.setOldest(this.shardId, this.pending[0]?.arrivedAt);
  }
}
