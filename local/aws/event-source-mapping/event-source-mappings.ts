import type { Log } from "../log";
import type { LocalLambda } from "../lambda/lambda";
import type { Regions } from "../regions";
import { DeclaredResource, LocalService, CreatedResource, createOnly } from "../resource";
import { arnOf } from "../resource";
import { Checkpoints } from "./checkpoints";
import type { MappingConfiguration } from "./mapping-configuration";
import { mappingConfiguration } from "./mapping-configuration";
import type { MappingStatistics } from "./mapping-status";
import { describeError, MappingStatus } from "./mapping-status";
import { StreamPoller } from "./stream-poller";

export type { MappingStatistics } from "./mapping-status";

/** Options of {@link LocalEventSourceMappings}. */
export interface EventSourceMappingOptions {
  readonly regions: Regions;
  readonly lambda: Pick<LocalLambda, "invoke" | "clientConfig">;
  readonly log: Log;
  /** Directory of the checkpoints, with which a restart continues; undefined keeps them only in memory. */
  readonly directory?: string;
  /** Interval between two polls of a shard; 100 by default. AWS polls four times per second. */
  readonly pollIntervalMs?: number;
  /** Now, in milliseconds since 1970, for the age of records. */
  readonly clock?: () => number;
}

interface Mapping {
  readonly configuration: MappingConfiguration;
  readonly status: MappingStatus;
  readonly running: Promise<void>;
}

/** Lambda's event source mappings of DynamoDB streams. Each reads a stream in the function's role and invokes the function with the records. */
export class LocalEventSourceMappings implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:lambda/eventSourceMapping:EventSourceMapping": (resource) => this.createMapping(resource),
  });
  private readonly mappings: Mapping[] = [];
  private readonly closing = new AbortController();
  private readonly clock: () => number;

  constructor(private readonly options: EventSourceMappingOptions) {
    this.clock = options.clock ?? Date.now;
  }

  /** Statistics of all mappings, in the order in which they were created. */
  statistics(): readonly MappingStatistics[] {
    return this.mappings.map(({ configuration, status }) => ({
      name: configuration.name,
      sourceRegion: configuration.region,
      functionArn: configuration.functionArn,
      enabled: configuration.enabled,
      onFailureArn: bucketArn(configuration.onFailureBucket),
      recordsDelivered: status.recordsDelivered,
      batchesFailed: status.batchesFailed,
      recordsDiscarded: status.recordsDiscarded,
      iteratorAgeMs: status.iteratorAgeMs(this.clock()),
      lastError: status.lastError,
    }));
  }

  /** Stops reading. Does not wait for running invocations; their batches are delivered again after a restart. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.mappings.map(({ running }) => running));
  }

  private async createMapping(resource: DeclaredResource): Promise<CreatedResource> {
    const configuration = mappingConfiguration(resource);
    const { uuid, functionArn, region, enabled } = configuration;
    const { directory, log, regions } = this.options;
    const checkpoints = await Checkpoints.open(directory, uuid, configuration.streamArn);
    const status = new MappingStatus((line) =>
      log(`${regions.byCode(region).name} ${configuration.name}`, line),
    );
    const running = enabled ? this.run(configuration, status, checkpoints) : Promise.resolve();
    this.mappings.push({ configuration, status, running });
    return {
      id: uuid,
      outputs: {
        arn: arnOf("lambda", region, `event-source-mapping:${uuid}`),
        uuid,
        functionArn,
        lastModified: new Date().toISOString(),
        lastProcessingResult: "No records processed",
        state: enabled ? "Enabled" : "Disabled",
        stateTransitionReason: "User action",
      },
    };
  }

  private async run(
    configuration: MappingConfiguration,
    status: MappingStatus,
    checkpoints: Checkpoints,
  ): Promise<void> {
    const { lambda, regions, pollIntervalMs = 100 } = this.options;
    const { signal } = this.closing;
    const context = { configuration, lambda, regions, status, pollIntervalMs, clock: this.clock, signal };
    await new StreamPoller(context, checkpoints).run().catch((error) => {
      status.recordFinalFailure("the mapping has stopped", describeError(error));
    });
  }
}

function bucketArn(bucket: string | undefined): string | undefined {
  return bucket === undefined ? undefined : arnOf("s3", "", bucket);
}
