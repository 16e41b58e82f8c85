import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { ReplicationConfig } from "../config/replication";
import { replicatedReservedIds } from "../functions/shared/reserved-items";
import { replicate } from "../functions/replication/replicate";
import { MAXIMUM_MESSAGE_BYTES } from "../functions/replication/quarantined-record";
import { useDataKey } from "../regional/data-key";
import { LambdaFunction } from "../regional/lambda-function";
import { denyPlainHttp, denyReservedKeys, policyDocument, PolicyStatement } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";
import { FailureBucket } from "./failure-bucket";
import { ReplicationAlarms } from "./replication-alarms";

/** Arguments of a replication. */
export interface ReplicationArgs {
  /** Region whose writes are replicated. All resources are in it. */
  readonly source: RegionalApp;
  /** Region to whose table they are written. */
  readonly target: RegionalApp;
  readonly logRetentionDays: number;
  readonly alarms: AlarmConfig;
  readonly concurrency: ReplicationConfig;
}

/** Maximum retention of SQS, 14 days: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const QUARANTINE_SECONDS = 14 * 24 * 3600;
/** Retries end one hour before the stream deletes the record, regardless of the number of attempts. */
const MAXIMUM_RECORD_AGE_SECONDS = 23 * 3600;
const BATCH_SIZE = 100;
/** Allows for writes to the other region that time out until the batch ends, and for the quarantine of its records. */
const TIMEOUT_SECONDS = 60;
const MEMORY_MEGABYTES = 512;

/** Replicates the writes of one region to the table of the other region. */
export class Replication extends pulumi.ComponentResource {
  /** Dead-letter queue of records that can never be applied. */
  readonly quarantine: aws.sqs.Queue;
  /** On-failure destination of the event source mapping. */
  readonly failures: FailureBucket;

  constructor(name: string, args: ReplicationArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Replication", name, {}, opts);

    this.quarantine = this.createQuarantine(`${name}-quarantine`, args.source.kmsKeyArn);
    this.failures = new FailureBucket(
      `${name}-failures`,
      { kmsKeyArn: args.source.kmsKeyArn },
      { parent: this },
    );
    const replicator = this.createFunction(name, args);
    const { eventSourceMapping: mapping } = this.subscribe(name, args, replicator);
    const watched = { replicator: replicator.function, quarantine: this.quarantine, mapping };
    new ReplicationAlarms(name, { ...args, ...watched }, { parent: this });

    this.registerOutputs({ quarantine: this.quarantine, failures: this.failures });
  }

  private createQuarantine(name: string, kmsKeyArn: string | undefined): aws.sqs.Queue {
    const queue = new aws.sqs.Queue(
      name,
      {
        messageRetentionSeconds: QUARANTINE_SECONDS,
        maxMessageSize: MAXIMUM_MESSAGE_BYTES,
        ...(kmsKeyArn ? { kmsMasterKeyId: kmsKeyArn } : { sqsManagedSseEnabled: true }),
      },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(
      name,
      { queueUrl: queue.url, policy: policyDocument([denyPlainHttp(["sqs:*"], queue.arn)]) },
      { parent: this },
    );
    return queue;
  }

  private createFunction(
    name: string,
    { source, target, logRetentionDays, concurrency }: ReplicationArgs,
  ): LambdaFunction<ReplicationEvent, ReplicationResult> {
    const targetTable = target.table.table;
    const [targetConflicts, ownConflicts] = [target.conflicts.table, source.conflicts.table];
    return new LambdaFunction(
      name,
      {
        callbackFactory: replicate,
        statements: [
          readStream(source.table.table.streamArn),
          {
            actions: ["dynamodb:PutItem"],
            resources: [targetTable.arn, targetConflicts.arn, ownConflicts.arn],
          },
          denyReservedKeys([targetTable.arn], ...replicatedReservedIds(source.region.code)),
          denyReservedKeys([targetConflicts.arn, ownConflicts.arn]),
          { actions: ["sqs:SendMessage"], resources: [this.quarantine.arn] },
          ...this.failures.storeFailures(),
          ...source.useTableKey,
          ...target.useTableKey,
          // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
          ...useDataKey(source.kmsKeyArn, "sqs", "kms:GenerateDataKey", "kms:Decrypt"),
        ],
        environment: {
          TARGET_REGION: target.region.code,
          TARGET_TABLE_NAME: targetTable.name,
          TARGET_CONFLICT_TABLE_NAME: targetConflicts.name,
          CONFLICT_TABLE_NAME: ownConflicts.name,
          QUARANTINE_QUEUE_URL: this.quarantine.url,
          FAILURE_BUCKET_NAME: this.failures.bucket.bucket,
        },
        timeoutSeconds: TIMEOUT_SECONDS,
        memoryMegabytes: MEMORY_MEGABYTES,
        reservedConcurrency: concurrency.reservedConcurrency,
        logRetentionDays,
      },
      { parent: this },
    );
  }

  private subscribe(
    name: string,
    { source: { region, table }, concurrency }: ReplicationArgs,
    replicator: LambdaFunction<ReplicationEvent, ReplicationResult>,
  ): aws.dynamodb.TableEventSubscription {
    return table.table.onEvent(
      `${name}-stream`,
      replicator.function,
      {
        // LATEST would miss writes made while the mapping starts.
        startingPosition: "TRIM_HORIZON",
        batchSize: BATCH_SIZE,
        // A mapping of a stream has no maximum concurrency of its own, unlike one of a queue.
        // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html ("ScalingConfig: Amazon SQS only")
        parallelizationFactor: concurrency.parallelization,
        filterCriteria: { filters: [{ pattern: writtenIn(region.code) }] },
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: MAXIMUM_RECORD_AGE_SECONDS,
        destinationConfig: { onFailure: { destinationArn: this.failures.bucket.arn } },
      },
      { parent: this, transformations: [mappingOf(replicator.live)] },
    );
  }
}

/**
 * Changes the event source mapping of `onEvent`, which has no arguments for it: it invokes an alias, and publishes `EventCount` metrics.
 * The mapping keeps its id and position. It names the alias by its ARN, because the provider reads the ARN, and takes a function's name
 * and ARN as equal: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/event_source_mapping.go
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 */
function mappingOf(alias: aws.lambda.Alias): pulumi.ResourceTransformation {
  return ({ type, props, opts }) => {
    if (type !== "aws:lambda/eventSourceMapping:EventSourceMapping") return undefined;
    const changed: Partial<aws.lambda.EventSourceMappingArgs> = {
      functionName: alias.arn,
      metricsConfig: { metrics: ["EventCount"] },
    };
    return { props: { ...props, ...changed }, opts };
  };
}

type ReplicationHandler = ReturnType<typeof replicate>;
type ReplicationEvent = Parameters<ReplicationHandler>[0];
type ReplicationResult = Awaited<ReturnType<ReplicationHandler>>;

/** Permissions that Lambda needs to read the stream: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html */
function readStream(streamArn: pulumi.Input<string>): PolicyStatement {
  return {
    actions: [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
    ],
    resources: [streamArn],
  };
}

/** Filter pattern for writes made in this region. Removals have no new image, so they do not match. */
function writtenIn(regionCode: string): string {
  return JSON.stringify({ dynamodb: { NewImage: { origin: { S: [regionCode] } } } });
}
