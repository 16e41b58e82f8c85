import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { AlarmConfig } from "../config/alarms";
import { METRIC_NAMESPACE } from "../functions/shared/metrics";
import { QUARANTINED_IN_BUCKET, REJECTED, REPLICATION_LAG } from "../functions/replication/batch-metrics";
import { metricAlarm, MetricAlarmArgs } from "../regional/metric-alarm";
import { RegionalApp } from "../regional/regional-app";

/** Arguments of the replication alarms. */
export interface ReplicationAlarmsArgs {
  readonly source: RegionalApp;
  readonly target: RegionalApp;
  readonly replicator: aws.lambda.Function;
  readonly quarantine: aws.sqs.Queue;
  /** Event source mapping of the source's stream; it must publish `EventCount` metrics. */
  readonly mapping: aws.lambda.EventSourceMapping;
  readonly alarms: AlarmConfig;
}

type Condition = Omit<MetricAlarmArgs, "topic">;

const FIVE_MINUTES = 300;

/** Alarms of one direction of replication, in the source region. */
export class ReplicationAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: ReplicationAlarmsArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:ReplicationAlarms", name, {}, opts);

    const { topic } = args.source.alarms;
    for (const [alarm, condition] of Object.entries(conditions(args)))
      metricAlarm(`${name}-${alarm}`, { ...condition, topic }, { parent: this });

    this.registerOutputs();
  }
}

function conditions(args: ReplicationAlarmsArgs): Record<string, Condition> {
  return { ...lagConditions(args), ...recordConditions(args), ...errorConditions(args) };
}

/** Late records: the lag of applied records, and the age of records that wait in the stream. */
function lagConditions({
  source,
  target,
  replicator,
  alarms,
}: ReplicationAlarmsArgs): Record<string, Condition> {
  const direction = `${source.region.name} to ${target.region.name}`;
  return {
    lag: {
      description:
        `Replication lag from ${direction}: the 99th percentile is ${alarms.replicationLagSeconds} seconds or more. Check the ` +
        `log of the replication function for throttling and retries, and its duration and concurrency.`,
      namespace: METRIC_NAMESPACE,
      metric: REPLICATION_LAG,
      dimensions: {
        FunctionName: replicator.name,
        SourceRegion: source.region.code,
        TargetRegion: target.region.code,
      },
      statistic: "p99",
      threshold: alarms.replicationLagSeconds * 1000,
      periodSeconds: 60,
      datapoints: [3, 5],
    },
    "iterator-age": {
      description:
        `Replication from ${direction} is ${alarms.iteratorAgeSeconds} seconds or more behind its stream, which keeps records for ` +
        `24 hours. Check whether ${target.region.name} responds, and the log of the replication function.`,
      namespace: "AWS/Lambda",
      metric: "IteratorAge",
      dimensions: { FunctionName: replicator.name },
      statistic: "Maximum",
      threshold: alarms.iteratorAgeSeconds * 1000,
      periodSeconds: 60,
      datapoints: [3, 5],
    },
  };
}

/** Records that were not replicated and need an operator. */
function recordConditions({
  source,
  target,
  replicator,
  quarantine,
  mapping,
}: ReplicationAlarmsArgs): Record<string, Condition> {
  const direction = `${source.region.name} to ${target.region.name}`;
  const ofReplicator = {
    namespace: METRIC_NAMESPACE,
    dimensions: {
      FunctionName: replicator.name,
      SourceRegion: source.region.code,
      TargetRegion: target.region.code,
    },
    statistic: "Sum",
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
  } as const;
  const ofMapping = {
    namespace: "AWS/Lambda",
    dimensions: { EventSourceMappingUUID: mapping.uuid },
    statistic: "Sum",
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
  } as const;
  return {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    quarantined: {
      description:
        `Records from ${direction} are quarantined, because they can never be applied unchanged. The queue deletes them after ` +
        `14 days. Check the reason in the messages of the quarantine queue, fix it, then run npm run redrive.`,
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: quarantine.name },
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
    },
    "quarantined-in-bucket": {
      description:
        `The quarantine queue from ${direction} rejected records, which are in the failure bucket instead. The alarm ends by ` +
        `itself; the objects remain. Check the reason in the log of the replication function, fix the queue, then run npm run redrive.`,
      metric: QUARANTINED_IN_BUCKET,
      ...ofReplicator,
    },
    rejected: {
      description:
        `Replication from ${direction} rejected items that may not cross regions. The alarm ends by itself. The application never ` +
        `writes such items. Check mayNotCross in the log of the replication function, and find out what wrote them.`,
      metric: REJECTED,
      ...ofReplicator,
    },
    // Both metrics: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
    "given-up": {
      description:
        `Lambda stopped retrying records from ${direction} and stored them in the failure bucket. The alarm ends by itself; the ` +
        `objects remain. Run npm run redrive, then npm run reconcile.`,
      metric: "OnFailureDestinationDeliveredEventCount",
      ...ofMapping,
    },
    dropped: {
      description:
        `Lambda stopped retrying records from ${direction} and could not store them in the failure bucket. Only the table of ` +
        `${source.region.name} has these writes. Fix the bucket or its policy, then run npm run reconcile.`,
      metric: "DroppedEventCount",
      ...ofMapping,
    },
  };
}

/** Errors of the function itself. Failed writes that are retried do not count. */
function errorConditions({
  source,
  target,
  replicator,
  alarms,
}: ReplicationAlarmsArgs): Record<string, Condition> {
  return {
    errors: {
      description:
        `The replication function from ${source.region.name} to ${target.region.name} failed: it crashed, timed out or ran out of ` +
        `memory. Lambda retries its batches. Check the log of the function.`,
      namespace: "AWS/Lambda",
      metric: "Errors",
      dimensions: { FunctionName: replicator.name },
      statistic: "Sum",
      threshold: alarms.handlerErrors,
      periodSeconds: FIVE_MINUTES,
    },
  };
}
