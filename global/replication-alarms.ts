import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { AlarmConfig } from "../alarm-config";
import { METRIC_NAMESPACE } from "../functions/metrics";
import { QUARANTINED_IN_BUCKET, REJECTED, REPLICATION_LAG } from "../functions/replication/batch-metrics";
import { metricAlarm, MetricAlarmArgs } from "../regional/metric-alarm";
import { RegionalApp } from "../regional/regional-app";

/** What the alarms of a replication need. */
export interface ReplicationAlarmsArgs {
  readonly source: RegionalApp;
  readonly target: RegionalApp;
  readonly replicator: aws.lambda.Function;
  readonly quarantine: aws.sqs.Queue;
  /** The mapping of the source's stream; it must publish its `EventCount` metrics. */
  readonly mapping: aws.lambda.EventSourceMapping;
  readonly alarms: AlarmConfig;
}

type Condition = Omit<MetricAlarmArgs, "topic">;

const FIVE_MINUTES = 300;

/** The alarms of one direction of replication, in the region of its source. */
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
  return { ...lateness(args), ...records(args), ...errors(args) };
}

/** What is late: told by what arrives, and by what waits. */
function lateness({ source, target, replicator, alarms }: ReplicationAlarmsArgs): Record<string, Condition> {
  const direction = `${source.region.name} to ${target.region.name}`;
  return {
    lag: {
      description:
        `Writes take long from ${direction}: 1 in 100 took ${alarms.replicationLagSeconds} seconds or more. Look at the ` +
        `replication function's log for throttles and retries, and at its duration and concurrency.`,
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
        `Replication from ${direction} is ${alarms.iteratorAgeSeconds} seconds or more behind its stream, which forgets after ` +
        `24 hours. Look at whether ${target.region.name} answers, and at the replication function's log.`,
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

/** What did not arrive and waits for a person. */
function records({
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
        `Records from ${direction} wait in quarantine, because they can never be applied as they are. They are lost after ` +
        `14 days. Read why in the messages of the quarantine queue, mend it, and redrive them.`,
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: quarantine.name },
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
    },
    "quarantined-in-bucket": {
      description:
        `The quarantine queue from ${direction} did not take records, which are in the failure bucket instead; the alarm ends by ` +
        `itself, the objects stay. Read why in the replication function's log, repair the queue, and redrive them.`,
      metric: QUARANTINED_IN_BUCKET,
      ...ofReplicator,
    },
    rejected: {
      description:
        `Replication from ${direction} rejected items that may not cross regions; the alarm ends by itself. The application never ` +
        `writes such items. Look at mayNotCross in the replication function's log, and find out who wrote them.`,
      metric: REJECTED,
      ...ofReplicator,
    },
    // Both of https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
    "given-up": {
      description:
        `Lambda gave up on records from ${direction} and stored them in the failure bucket; the alarm ends by itself, the ` +
        `objects stay. Redrive them, then reconcile.`,
      metric: "OnFailureDestinationDeliveredEventCount",
      ...ofMapping,
    },
    dropped: {
      description:
        `Lambda gave up on records from ${direction} and could not store them in the failure bucket. Nothing has them but the ` +
        `table of ${source.region.name}: mend the bucket or its policy, then reconcile.`,
      metric: "DroppedEventCount",
      ...ofMapping,
    },
  };
}

/** What ended in an error of the function itself; a write that failed and is tried again is none. */
function errors({ source, target, replicator, alarms }: ReplicationAlarmsArgs): Record<string, Condition> {
  return {
    errors: {
      description:
        `The replication function from ${source.region.name} to ${target.region.name} failed as a whole: it crashed or ran out of ` +
        `time or memory. Its batches are tried again. Look at its log.`,
      namespace: "AWS/Lambda",
      metric: "Errors",
      dimensions: { FunctionName: replicator.name },
      statistic: "Sum",
      threshold: alarms.handlerErrors,
      periodSeconds: FIVE_MINUTES,
    },
  };
}
