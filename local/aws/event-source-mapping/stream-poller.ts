import { setTimeout as delay } from "node:timers/promises";
import type { Shard } from "@aws-sdk/client-dynamodb-streams";
import { BatchDelivery } from "./batch-delivery";
import type { Checkpoints } from "./checkpoints";
import { FailureDestination } from "./failure-destination";
import { describeError } from "./mapping-status";
import type { MappingContext } from "./mapping-context";
import { retryUntilSuccess } from "./mapping-context";
import { ShardPoller } from "./shard-poller";
import { StreamReader } from "./stream-reader";

/** Interval at which new shards are discovered. On AWS a shard is closed and replaced every few hours. */
const REFRESH_MS = 1000;

/** Interval between two polls of a shard on AWS: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html ("4 times per second") */
const AWS_POLL_INTERVAL_MS = 250;

/** Runs one mapping with a poller for each shard of the stream. A parent shard is finished before its children start. */
export class StreamPoller {
  private readonly context: MappingContext;
  private readonly reader: StreamReader;
  private readonly destination: FailureDestination;
  private readonly delivery: BatchDelivery;
  /** Stops the mapping after a final error of a poller. */
  private readonly stop = new AbortController();
  private readonly started = new Set<string>();
  private readonly skipped = new Set<string>();
  /** Number of shards that are polled. */
  private polled = 0;
  private described = false;

  constructor(
    context: MappingContext,
    private readonly checkpoints: Checkpoints,
  ) {
    const pollIntervalMs = (): number => this.pollIntervalMs(context.pollIntervalMs);
    this.context = {
      ...context,
      get configuration() {
        return context.configuration;
      },
      get pollIntervalMs() {
        return pollIntervalMs();
      },
      signal: AbortSignal.any([context.signal, this.stop.signal]),
    };
    this.reader = new StreamReader(this.context);
    this.destination = new FailureDestination(this.context);
    this.delivery = new BatchDelivery(this.context, this.destination);
  }

  /** Runs until the mapping is closed. */
  async run(): Promise<void> {
    const running: Promise<void>[] = [];
    try {
      for (;;) {
        const shards = await retryUntilSuccess(this.context, "describing the stream", () =>
          this.reader.shards(),
        );
        const index = (shardId: string): number => shards.findIndex((shard) => shardIdOf(shard) === shardId);
        for (const shardId of this.readyShards(shards)) running.push(this.poll(shardId, index(shardId)));
        this.described = true;
        await delay(REFRESH_MS, undefined, { signal: this.context.signal });
      }
    } catch (error) {
      this.fail(error);
    }
    await Promise.all(running);
    this.reader.close();
    this.destination.close();
  }

  private async poll(id: string, index: number): Promise<void> {
    this.started.add(id);
    this.polled++;
    // A shard that appears later is a child, which continues its parent: it is read from its beginning.
    const start = this.described ? "TRIM_HORIZON" : this.context.configuration.startingPosition;
    const { context, reader, delivery, checkpoints } = this;
    const isBlocked = (): boolean => context.isBlocked(context.configuration.region, index);
    const poller = new ShardPoller(context, reader, delivery, checkpoints, { id, start, isBlocked });
    await poller.run().catch((error) => this.fail(error));
    this.polled--;
  }

  /** Polls a stream with several shards no more often than one with a single shard, but at least as often as AWS. */
  private pollIntervalMs(ofOneShard: number): number {
    return Math.max(ofOneShard, Math.min(ofOneShard * this.polled, AWS_POLL_INTERVAL_MS));
  }

  /** Stops the mapping after an error that a retry cannot fix. Ignores errors while the mapping is being closed. */
  private fail(error: unknown): void {
    if (this.context.signal.aborted) return;
    this.context.status.recordFinalFailure("the mapping has stopped", describeError(error));
    this.stop.abort(error);
  }

  /** Returns the shards to start now: those whose parent is finished or no longer exists. */
  private readyShards(shards: readonly Shard[]): string[] {
    const known = new Set(shards.map(shardIdOf));
    this.checkpoints.keepOnly(known);
    if (!this.described) this.skipClosedShards(shards);
    const done = new Set([...known].filter((id) => this.skipped.has(id) || this.checkpoints.of(id).finished));
    return shards
      .filter(({ ParentShardId: parent }) => parent === undefined || !known.has(parent) || done.has(parent))
      .map(shardIdOf)
      .filter((id) => !this.started.has(id) && !done.has(id));
  }

  /** With LATEST, marks the shards that were already closed as skipped. */
  private skipClosedShards(shards: readonly Shard[]): void {
    if (this.context.configuration.startingPosition !== "LATEST") return;
    for (const shard of shards) {
      const closed = shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
      if (closed && this.checkpoints.of(shardIdOf(shard)).sequenceNumber === undefined)
        this.skipped.add(shardIdOf(shard));
    }
  }
}

function shardIdOf(shard: Shard): string {
  return shard.ShardId ?? "";
}
