import type { StreamChanges } from "../dynamodb/streams/stream-changes";
import type { Log } from "../log";
import type { LocalLambda } from "../lambda/lambda";
import type { Regions } from "../regions";
import type { CreatedResource, DeclaredResource, LocalService, ResourceHandler } from "../resource";
import { uuidOf } from "../seeded-ids";
import { Checkpoints } from "./checkpoints";
import { Mapping } from "./mapping";
import type { MappingConfiguration } from "./mapping-configuration";
import { mappingConfiguration } from "./mapping-configuration";
import type { MappingStatistics } from "./mapping-status";
import { describeError, MappingStatus } from "./mapping-status";

export type { MappingStatistics } from "./mapping-status";

/** Options of {@link LocalEventSourceMappings}. */
export interface EventSourceMappingOptions {
  readonly regions: Regions;
  readonly lambda: Pick<LocalLambda, "invoke" | "clientConfig" | "versionOf">;
  readonly log: Log;
  /** Directory of the checkpoints, with which a restart continues; undefined keeps them only in memory. */
  readonly directory?: string;
  /** Changes of the streams, after which a shard without new records is polled; without them, it is polled at the interval. */
  readonly streamChanges?: StreamChanges;
  /** Interval between two polls of a shard; 100 by default. AWS polls four times per second. */
  readonly pollIntervalMs?: number;
  /** Time until a change of a mapping has an effect, in milliseconds; 0 by default. On AWS it takes up to 90 seconds. */
  readonly changeDelayMs?: number;
  /** Now, in milliseconds since 1970, for the age of records. */
  readonly clock?: () => number;
}

/** In terraform-provider-aws at 0603f3b. */
const SOURCE = "internal/service/lambda/event_source_mapping.go";

/** Lambda's event source mappings of DynamoDB streams. Each reads a stream in the function's role and invokes the function with the records. */
export class LocalEventSourceMappings implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:lambda/eventSourceMapping:EventSourceMapping": this.mappingHandler(),
  };
  /** By UUID, in the order in which they were created. */
  private readonly mappings = new Map<string, Mapping>();
  /** Regions and indexes of blocked shards. */
  private readonly blocked = new Set<string>();
  private readonly closing = new AbortController();
  private readonly clock: () => number;

  constructor(private readonly options: EventSourceMappingOptions) {
    this.clock = options.clock ?? Date.now;
  }

  /** Statistics of all mappings, in the order in which they were created. */
  statistics(): readonly MappingStatistics[] {
    return [...this.mappings.values()].map((mapping) => mapping.statistics(this.clock()));
  }

  /**
   * Blocks or unblocks one shard of the streams in a region. Its records are read and not delivered, as behind a batch that fails forever.
   * @param region AWS code.
   * @param index place of the shard in the description of the stream, from 0.
   */
  blockShard(region: string, index: number, blocked: boolean): void {
    if (blocked) this.blocked.add(`${region} ${index}`);
    else this.blocked.delete(`${region} ${index}`);
  }

  /** Returns whether {@link blockShard} blocks a shard. */
  isBlocked(region: string, index: number): boolean {
    return this.blocked.has(`${region} ${index}`);
  }

  /** Stops reading. Does not wait for running invocations; their batches are delivered again after a restart. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.mappings.values()].map((mapping) => mapping.stopped()));
  }

  private mappingHandler(): ResourceHandler {
    return {
      updatable: [
        "batchSize",
        "bisectBatchOnFunctionError",
        "destinationConfig",
        "enabled",
        "filterCriteria",
        "functionName",
        "functionResponseTypes",
        "maximumBatchingWindowInSeconds",
        "maximumRecordAgeInSeconds",
        "maximumRetryAttempts",
        // Accepted and ignored.
        "metricsConfig",
        "parallelizationFactor",
        "tags",
        "tagsAll",
      ],
      unordered: ["filterCriteria.filters", "functionResponseTypes", "metricsConfig.metrics"],
      replacing: {
        eventSourceArn: `${SOURCE}:162`,
        region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
        startingPosition: `${SOURCE}:337`,
      },
      create: (resource) => this.create(resource),
      read: async ({ id }) => {
        const mapping = this.mappings.get(id);
        return mapping && { id, inputs: mapping.inputs, outputs: mapping.outputs() };
      },
      update: async (existing, inputs) => {
        const mapping = this.mappings.get(existing.id);
        if (!mapping)
          throw new Error(`ResourceNotFoundException: Event source mapping ${existing.id} does not exist.`);
        const configuration = mappingConfiguration({ ...existing, inputs }, existing.id);
        this.check(configuration);
        mapping.change(configuration, inputs);
        return mapping.outputs();
      },
      delete: async ({ id }) => {
        const mapping = this.mappings.get(id);
        this.mappings.delete(id);
        await mapping?.delete();
      },
    };
  }

  private async create(resource: DeclaredResource): Promise<CreatedResource> {
    // The same at every start of a stack, so that a restart finds the checkpoints.
    const seed = `event source mapping ${resource.physicalName}`;
    const configuration = mappingConfiguration(resource, uuidOf(seed));
    const { uuid, region, name, streamArn } = configuration;
    const {
      directory,
      lambda,
      log,
      pollIntervalMs = 100,
      changeDelayMs = 0,
      regions,
      streamChanges,
    } = this.options;
    const checkpoints = await Checkpoints.open(directory, uuid, streamArn);
    this.check(configuration);
    const status = new MappingStatus((line) => log(`${regions.byCode(region).name} ${name}`, line));
    const services = {
      ...{ lambda, regions, pollIntervalMs, changeDelayMs, clock: this.clock, signal: this.closing.signal },
      streamChanges,
      isBlocked: (code: string, index: number) => this.isBlocked(code, index),
    };
    const mapping = new Mapping(configuration, resource.inputs, status, checkpoints, services);
    this.mappings.set(uuid, mapping);
    return { id: uuid, outputs: mapping.outputs() };
  }

  /** @throws Error if the function does not exist, or another mapping has its stream and function. */
  private check({ name, uuid, streamArn, functionArn }: MappingConfiguration): void {
    try {
      this.options.lambda.clientConfig(functionArn);
    } catch (error) {
      throw new Error(`Event source mapping ${name}: ${describeError(error)}`, { cause: error });
    }
    const taken = [...this.mappings.values()].find(
      ({ configuration: other }) =>
        other.uuid !== uuid && other.streamArn === streamArn && other.functionArn === functionArn,
    );
    if (taken)
      throw new Error(
        `ResourceConflictException: The event source arn (" ${streamArn} ") and function ` +
          `(" ${functionArn.split(":")[6]} ") provided mapping already exists. ` +
          `Please update or delete the existing mapping with UUID ${taken.configuration.uuid}`,
      );
  }
}
