import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { replicatedReservedIds } from "../functions/shared/reserved-items";
import { replicate } from "../functions/replication/replicate";
import { MAXIMUM_MESSAGE_BYTES } from "../functions/replication/quarantined-record";
import { LambdaFunction } from "../regional/lambda-function";
import { denyReservedKeys, PolicyStatement } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";
import { FailureBucket } from "./failure-bucket";
import { ReplicationAlarms } from "./replication-alarms";

/** What a replication needs. */
export interface ReplicationArgs {
  /** Whose writes are sent. Everything here runs in its region. */
  readonly source: RegionalApp;
  /** Whose table they are written to. */
  readonly target: RegionalApp;
  readonly logRetentionDays: number;
  readonly alarms: AlarmConfig;
}

/** The longest that SQS keeps a message, 14 days: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const QUARANTINE_SECONDS = 14 * 24 * 3600;
/** A record is tried until an hour before the stream forgets it, whatever the number of tries. */
const MAXIMUM_RECORD_AGE_SECONDS = 23 * 3600;
const BATCH_SIZE = 100;
/** Batches of a shard at the same time; records of one item stay in order. */
const PARALLELIZATION_FACTOR = 4;
/** Long enough for a round of writes to the other region that all time out, with their retries. */
const TIMEOUT_SECONDS = 60;
const MEMORY_MEGABYTES = 512;

/** Sends what is written in one region to the table of the other. */
export class Replication extends pulumi.ComponentResource {
  /** Where records wait that can never be applied. */
  readonly quarantine: aws.sqs.Queue;
  /** Where records are stored that the stream gave up on. */
  readonly failures: FailureBucket;

  constructor(name: string, args: ReplicationArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Replication", name, {}, opts);

    this.quarantine = this.createQuarantine(`${name}-quarantine`);
    this.failures = new FailureBucket(`${name}-failures`, { parent: this });
    const replicator = this.createFunction(name, args);
    const { eventSourceMapping: mapping } = this.subscribe(name, args.source, replicator);
    const watched = { replicator: replicator.function, quarantine: this.quarantine, mapping };
    new ReplicationAlarms(name, { ...args, ...watched }, { parent: this });

    this.registerOutputs({ quarantine: this.quarantine, failures: this.failures });
  }

  private createQuarantine(name: string): aws.sqs.Queue {
    return new aws.sqs.Queue(
      name,
      {
        messageRetentionSeconds: QUARANTINE_SECONDS,
        maxMessageSize: MAXIMUM_MESSAGE_BYTES,
        sqsManagedSseEnabled: true,
      },
      { parent: this },
    );
  }

  private createFunction(
    name: string,
    { source, target, logRetentionDays }: ReplicationArgs,
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
        logRetentionDays,
      },
      { parent: this },
    );
  }

  private subscribe(
    name: string,
    { region, table }: RegionalApp,
    replicator: LambdaFunction<ReplicationEvent, ReplicationResult>,
  ): aws.dynamodb.TableEventSubscription {
    return table.table.onEvent(
      `${name}-stream`,
      replicator.function,
      {
        // From the oldest record on: LATEST would miss what is written while the mapping starts.
        startingPosition: "TRIM_HORIZON",
        batchSize: BATCH_SIZE,
        parallelizationFactor: PARALLELIZATION_FACTOR,
        filterCriteria: { filters: [{ pattern: writtenIn(region.code) }] },
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: MAXIMUM_RECORD_AGE_SECONDS,
        destinationConfig: { onFailure: { destinationArn: this.failures.bucket.arn } },
      },
      { parent: this, transformations: [countEvents] },
    );
  }
}

/**
 * Has a mapping publish what it drops and what it sends to its on-failure destination, which `onEvent` has no argument for.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 */
function countEvents({
  type,
  props,
  opts,
}: pulumi.ResourceTransformationArgs): pulumi.ResourceTransformationResult | undefined {
  if (type !== "aws:lambda/eventSourceMapping:EventSourceMapping") return undefined;
  const metricsConfig: aws.lambda.EventSourceMappingArgs["metricsConfig"] = { metrics: ["EventCount"] };
  return { props: { ...props, metricsConfig }, opts };
}

type ReplicationHandler = ReturnType<typeof replicate>;
type ReplicationEvent = Parameters<ReplicationHandler>[0];
type ReplicationResult = Awaited<ReturnType<ReplicationHandler>>;

/** What Lambda reads the stream with, in the function's role: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html */
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

/** Passes new images that carry this region as their origin; removals have no new image and stay at home. */
function writtenIn(regionCode: string): string {
  return JSON.stringify({ dynamodb: { NewImage: { origin: { S: [regionCode] } } } });
}
