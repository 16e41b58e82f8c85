import type { DeclaredResource } from "../resource";
import { arnOf } from "../resource";
import type { Checkpoints } from "./checkpoints";
import type { MappingConfiguration } from "./mapping-configuration";
import type { MappingContext } from "./mapping-context";
import type { MappingStatistics, MappingStatus } from "./mapping-status";
import { describeError } from "./mapping-status";
import { StreamPoller } from "./stream-poller";

/** What a mapping needs of its service. */
export type MappingServices = Omit<MappingContext, "configuration" | "status">;

/** Event source mapping that polls its stream. Every change keeps its position. */
export class Mapping {
  private readonly deleted = new AbortController();
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
    this.running = this.run();
  }

  /** Applies to the next read and the next invocation; records that were read before are filtered again. */
  change(configuration: MappingConfiguration, inputs: DeclaredResource["inputs"]): void {
    this.configuration = configuration;
    this.inputs = inputs;
    this.lastModified = new Date();
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
      state: enabled ? "Enabled" : "Disabled",
      stateTransitionReason: "User action",
    };
  }

  statistics(now: number): MappingStatistics {
    const { name, region, functionArn, enabled, onFailureBucket } = this.configuration;
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
    const configuration = (): MappingConfiguration => this.configuration;
    const context: MappingContext = {
      ...this.services,
      status: this.status,
      get configuration() {
        return configuration();
      },
      signal: AbortSignal.any([this.services.signal, this.deleted.signal]),
    };
    await new StreamPoller(context, this.checkpoints).run().catch((error) => {
      this.status.recordFinalFailure("the mapping has stopped", describeError(error));
    });
  }
}
