import { ConfigReader, Setting, wholeNumber } from "./reader";

/** Concurrent executions that replication may use in each region. */
export interface ReplicationConfig {
  /** Batches of one shard that are replicated at the same time. */
  readonly parallelization: number;
  /** Executions that only the replication function of a region can use, and the most it can use; absent for no limit of its own. */
  readonly reservedConcurrency?: number;
}

/** Values of the keys of replication, before grouping. */
export interface ReplicationValues {
  readonly replicationParallelization: number;
  readonly replicationConcurrency: number;
}

/**
 * Shards of the stream of a new on-demand table, which has about four partitions:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const SHARDS = 4;

/** 100 executions of the usual quota of 1,000 cannot be reserved: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const MAXIMUM_RESERVED = 900;

const RESERVED: Setting<number> = {
  ...wholeNumber(0, MAXIMUM_RESERVED),
  fix: "pulumi config rm replicationConcurrency",
};

/** Reads the keys of replication; the reader collects their problems. */
export function readReplication(reader: ConfigReader): {
  [K in keyof ReplicationValues]: ReplicationValues[K] | undefined;
} {
  const parallelization = reader.read("replicationParallelization", wholeNumber(1, 10));
  const concurrency = reader.read("replicationConcurrency", RESERVED);
  const minimum = SHARDS * (parallelization ?? 1);
  if (concurrency && concurrency < minimum)
    reader.reject("replicationConcurrency", {
      allowed:
        `0, or at least ${minimum}, which is ${SHARDS} shards of a table by replicationParallelization; ` +
        "with fewer, shards wait for each other while the other region does not answer",
      fix: `pulumi config set replicationConcurrency ${minimum}, or set a lower replicationParallelization`,
    });
  return { replicationParallelization: parallelization, replicationConcurrency: concurrency };
}

/** Groups the keys of replication. */
export function toReplicationConfig(values: ReplicationValues): ReplicationConfig {
  return {
    parallelization: values.replicationParallelization,
    reservedConcurrency: values.replicationConcurrency || undefined,
  };
}
