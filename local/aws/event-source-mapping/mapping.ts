import { setTimeout as delay } from "node:timers/promises";
import type { DeclaredResource } from "../resource";
import { arnOf } from "../resource";
import type { Checkpoints } from "./checkpoints";
import type { MappingConfiguration } from "./mapping-configuration";
import type { MappingContext } from "./mapping-context";
import type { MappingStatistics, MappingStatus } from "./mapping-status";
import { describeError } from "./mapping-status";
import { StreamPoller } from "./stream-poller";

/** What a mapping needs of its service. */
export interface MappingServices extends Omit<MappingContext, "configuration" | "status"> {
  /** Time until a change has an effect, in milliseconds. */
  readonly changeDelayMs: number;
}

/** Maximum time until a new mapping reads its stream, in milliseconds. On AWS it may take minutes, which every start would wait for here. */
const MAXIMUM_CREATION_DELAY_MS = 1000;

type TransientState = "Creating" | "Disabling" | "Enabling" | "Updating";

/**
 * Event source mapping that polls its stream. Every change keeps its position. A change has an effect after a delay; the state is that of the
 * change already when half of it has passed, because AWS does not promise that a mapping whose state is `Disabled` has stopped.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html ("it may take up to 90 seconds to stop and restart polling")
 */
export class Mapping {
  private readonly deleted = new AbortController();
  private readonly signal: AbortSignal;
  /** Configuration that the poller uses. */
  private effective: MappingConfiguration;
  private transient: TransientState | undefined;
  /** Number of changes so far. */
  private changes = 0;
  private lastModified = new Date();
  private readonly running: Promise<void>;

  /** @param services their signal stops the mapping and keeps its position. */
  constructor(
    public configuration: MappingConfiguration,
    public inputs: DeclaredResource["inputs"],
    private readonly status: MappingStatus,
    private readonly checkpoints: Checkpoints,
    private readonly services: MappingServices,
  ) {
    this.effective = configuration;
    this.signal = AbortSignal.any([services.signal, this.deleted.signal]);
    this.running = this.run();
  }

  /** Applies, after the delay, to the next read and the next invocation; records that were read before are filtered again. */
  change(configuration: MappingConfiguration, inputs: DeclaredResource["inputs"]): void {
    const before = this.configuration;
    this.configuration = configuration;
    this.inputs = inputs;
    this.lastModified = new Date();
    const switched = configuration.enabled ? "Enabling" : "Disabling";
    const { changeDelayMs } = this.services;
    if (changeDelayMs === 0) this.effective = configuration;
    else void this.apply(before.enabled === configuration.enabled ? "Updating" : switched, changeDelayMs);
  }

  /** Applies the current configuration after a delay, unless it is changed again meanwhile. */
  private async apply(transient: TransientState, delayMs: number): Promise<void> {
    const change = ++this.changes;
    this.transient = transient;
    const half = (): Promise<unknown> =>
      delay(delayMs / 2, undefined, { signal: this.signal }).catch(() => undefined);
    await half();
    if (change !== this.changes) return;
    this.transient = undefined;
    await half();
    if (change === this.changes) this.effective = this.configuration;
  }

  /** Stops reading and forgets the position. Does not wait for a running invocation, which ends by itself. */
  async delete(): Promise<void> {
    this.deleted.abort();
    await this.stopped();
    await this.checkpoints.remove();
  }

  /** Resolves when the mapping reads no more, after its signal has aborted. */
  stopped(): Promise<void> {
    return this.running;
  }

  outputs(): Record<string, unknown> {
    const { uuid, functionArn, region, enabled } = this.configuration;
    return {
      arn: arnOf("lambda", region, `event-source-mapping:${uuid}`),
      uuid,
      functionArn,
      lastModified: this.lastModified.toISOString(),
      lastProcessingResult: "No records processed",
      state: this.transient ?? (enabled ? "Enabled" : "Disabled"),
      stateTransitionReason: "User action",
    };
  }

  statistics(now: number): MappingStatistics {
    const { name, region, functionArn, enabled, onFailureBucket } = this.effective;
    const { recordsDelivered, batchesFailed, recordsDiscarded, lastError } = this.status;
    return {
      name,
      sourceRegion: region,
      functionArn,
      enabled,
      onFailureArn: onFailureBucket === undefined ? undefined : arnOf("s3", "", onFailureBucket),
      recordsDelivered,
      batchesFailed,
      recordsDiscarded,
      // A disabled mapping reports no age.
      iteratorAgeMs: enabled ? this.status.iteratorAgeMs(now) : 0,
      lastError,
    };
  }

  private async run(): Promise<void> {
    const configuration = (): MappingConfiguration => this.effective;
    const context: MappingContext = {
      ...this.services,
      status: this.status,
      get configuration() {
        return configuration();
      },
      signal: this.signal,
    };
    const creationMs = Math.min(this.services.changeDelayMs, MAXIMUM_CREATION_DELAY_MS);
    if (creationMs > 0) await this.apply("Creating", creationMs);
    await new StreamPoller(context, this.checkpoints).run().catch((error) => {
      this.status.recordFinalFailure("the mapping has stopped", describeError(error));
    });
  }
}
