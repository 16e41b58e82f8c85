import type { BatchDelivery } from "./batch-delivery";
import type { Checkpoints } from "./checkpoints";
import type { EventFilter } from "./event-filter";
import type { MappingContext } from "./mapping-context";
import { retryUntilSuccess, waitForChange, waitForNextPoll, waitUntilActive } from "./mapping-context";
import type { Position, StreamReader } from "./stream-reader";
import { eventRecordOf, type ReadRecord } from "./event-record";
import { PendingRecords } from "./pending-records";

/** Maximum number of records that wait, so that a lane whose batch fails again and again stops the shard in the end. */
const MAX_PENDING = 10_000;

/** Errors after which an iterator is invalid and a new one is needed. */
const INVALID_ITERATOR_ERRORS = [
  "ExpiredIteratorException",
  "ResourceNotFoundException",
  "TrimmedDataAccessException",
  "ValidationException",
];

/** A shard of a mapping's stream. */
interface PolledShard {
  readonly id: string;
  /** Starting position without a checkpoint. */
  readonly start: "TRIM_HORIZON" | "LATEST";
  /** Returns whether a test blocks the shard: its records are read, but not delivered. */
  readonly isBlocked: () => boolean;
}

/**
 * Reads one shard from its checkpoint to its end and delivers its records in batches: one batch at a time, or as many as the
 * mapping's parallelization factor.
 */
export class ShardPoller {
  private readonly pending: PendingRecords;
  /** Running deliveries, by lane. */
  private readonly deliveries = new Map<number, Promise<void>>();
  /** Time at which the first record for a lane's next batch was read. */
  private readonly windowStarts = new Map<number, number>();
  /** Error of a delivery, which ends the poller. */
  private failure: { readonly error: unknown } | undefined;
  private iterator: string | undefined;
  private closed = false;
  private lastRead: string | undefined;
  private start: PolledShard["start"];
  private filter: EventFilter;

  constructor(
    private readonly context: MappingContext,
    private readonly reader: StreamReader,
    private readonly delivery: BatchDelivery,
    private readonly checkpoints: Checkpoints,
    private readonly shard: PolledShard,
  ) {
    this.lastRead = checkpoints.of(shard.id).sequenceNumber;
    this.start = shard.start;
    this.filter = context.configuration.filter;
    this.pending = new PendingRecords(context.configuration.parallelizationFactor);
  }

  /** Runs until the shard is closed and all of its records are processed. Rejects when the mapping is closed. */
  async run(): Promise<void> {
    while (!this.closed || this.pending.size > 0) {
      await waitUntilActive(this.context);
      this.applyConfiguration();
      await this.skipFiltered();
      if (!this.shard.isBlocked()) this.startDeliveries();
      const changes = this.context.streamChanges?.count(this.shard.id) ?? 0;
      const found = this.mayRead() ? await this.read() : 0;
      if (found === 0) await this.waitForProgress(changes);
      if (this.failure) throw this.failure.error;
    }
    await this.checkpoints.set(this.shard.id, { sequenceNumber: this.lastRead, finished: true });
  }

  /** Applies a changed filter to the records that wait, and a changed parallelization factor as soon as no batch is being delivered. */
  private applyConfiguration(): void {
    const { filter, parallelizationFactor } = this.context.configuration;
    if (filter !== this.filter) this.pending.filter(filter);
    this.filter = filter;
    if (parallelizationFactor !== this.pending.laneCount && this.deliveries.size === 0)
      this.pending.laneCount = parallelizationFactor;
  }

  /** Passes over filtered records without an invocation. */
  private async skipFiltered(): Promise<void> {
    let upTo: ReadRecord | undefined;
    for (const lane of this.idleLanes()) upTo = this.pending.skipFiltered(lane) ?? upTo;
    await this.processed(upTo);
  }

  /** Starts the delivery of each complete batch: a full one, or one whose batching window has passed. */
  private startDeliveries(): void {
    const { batchSize, batchingWindowMs, parallelizationFactor } = this.context.configuration;
    // The lanes change with the factor; see applyConfiguration.
    if (parallelizationFactor !== this.pending.laneCount) return;
    for (const lane of this.idleLanes()) {
      const matching = this.pending.countMatching(lane);
      if (matching === 0) continue;
      const windowStart = this.windowStarts.get(lane) ?? Date.now();
      this.windowStarts.set(lane, windowStart);
      if (matching < batchSize && !this.closed && Date.now() < windowStart + batchingWindowMs) continue;
      this.windowStarts.delete(lane);
      this.deliveries.set(lane, this.deliver(lane, this.pending.nextBatch(lane, batchSize)));
    }
  }

  /** Never rejects. */
  private async deliver(lane: number, batch: readonly ReadRecord[]): Promise<void> {
    try {
      await this.delivery.deliver(this.shard.id, batch, (upTo) =>
        this.processed(this.pending.complete(lane, upTo)),
      );
    } catch (error) {
      this.failure ??= { error };
    }
    this.deliveries.delete(lane);
  }

  private idleLanes(): number[] {
    return Array.from({ length: this.pending.laneCount }, (_, lane) => lane).filter(
      (lane) => !this.deliveries.has(lane),
    );
  }

  private mayRead(): boolean {
    return !this.closed && this.pending.size < MAX_PENDING && this.deliveries.size < this.pending.laneCount;
  }

  /**
   * Waits until a delivery has ended or, if another one can start meanwhile, for the next poll.
   * @param changes number of changes of the shard before the last poll.
   */
  private async waitForProgress(changes: number): Promise<void> {
    const waits = [...this.deliveries.values()];
    // Records that wait are delivered when their batching window or a block has ended, which is no change of the stream.
    const isIdle = this.pending.size === 0 && !this.closed;
    if (waits.length < this.pending.laneCount)
      waits.push(
        isIdle ? waitForChange(this.context, this.shard.id, changes) : waitForNextPoll(this.context),
      );
    await Promise.race(waits);
  }

  /** @returns the number of records read. */
  private async read(): Promise<number> {
    const { records, next } = await retryUntilSuccess(this.context, `reading ${this.shard.id}`, () =>
      this.tryToRead(),
    );
    const { configuration, clock } = this.context;
    for (const record of records) {
      const event = eventRecordOf(record, configuration.region, configuration.streamArn);
      const sequenceNumber = record.dynamodb?.SequenceNumber ?? "";
      const arrivedAt = record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? clock();
      this.pending.add({ sequenceNumber, arrivedAt, event, matchesFilter: this.filter(event) });
      this.lastRead = sequenceNumber;
    }
    this.iterator = next;
    this.closed = next === undefined;
    this.updateOldest();
    return records.length;
  }

  private async tryToRead(): ReturnType<StreamReader["records"]> {
    try {
      this.iterator ??= await this.reader.iterator(this.shard.id, this.position());
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

  /** @param upTo record up to which all records of the shard are processed; undefined if that has not changed. */
  private async processed(upTo: ReadRecord | undefined): Promise<void> {
    this.updateOldest();
    if (upTo) await this.checkpoints.set(this.shard.id, { sequenceNumber: upTo.sequenceNumber });
  }

  private updateOldest(): void {
    this.context.status.setOldest(this.shard.id, this.pending.oldest);
  }
}
