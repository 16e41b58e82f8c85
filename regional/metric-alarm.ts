import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Condition and notification of an alarm. */
export interface MetricAlarmArgs {
  /** Receives both state changes: to ALARM and back to OK. */
  readonly topic: aws.sns.Topic;
  /** Meaning of the alarm and what to check first; part of the notification. */
  readonly description: pulumi.Input<string>;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** `p99` is the 99th percentile. */
  readonly statistic: "Maximum" | "Minimum" | "SampleCount" | "Sum" | "p99";
  /** The alarm goes off at this value or above; with `below`, under this value. */
  readonly threshold: number;
  /** Whether low values are bad. Default: high values are bad. */
  readonly below?: boolean;
  /** 60 or a multiple. */
  readonly periodSeconds: number;
  /** Number of breaching periods among the last evaluated ones. Default: one of one. */
  readonly datapoints?: readonly [breaching: number, evaluated: number];
  /** Treatment of periods without data. Default: not breaching. `ignore` keeps the current state of the alarm. */
  readonly missing?: "breaching" | "ignore";
}

/** Creates an alarm on one metric in the provider's region: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
export function metricAlarm(
  name: string,
  args: MetricAlarmArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const [datapointsToAlarm, evaluationPeriods] = args.datapoints ?? [1, 1];
  const { topic, statistic } = args;
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      namespace: args.namespace,
      metricName: args.metric,
      dimensions: args.dimensions,
      ...(statistic === "p99" ? { extendedStatistic: statistic } : { statistic }),
      comparisonOperator: args.below ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
      threshold: args.threshold,
      period: args.periodSeconds,
      datapointsToAlarm,
      evaluationPeriods,
      treatMissingData: args.missing ?? "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    },
    opts,
  );
}
