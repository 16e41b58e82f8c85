import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** When an alarm goes off. */
export interface MetricAlarmArgs {
  /** Told when the alarm goes off, and when all is well again. */
  readonly topic: aws.sns.Topic;
  /** What it means and where to look first; it stands in the notification. */
  readonly description: pulumi.Input<string>;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** `p99` is the 99th percentile. */
  readonly statistic: "Maximum" | "Minimum" | "SampleCount" | "Sum" | "p99";
  /** The alarm goes off at this value or above; with `below`, under it. */
  readonly threshold: number;
  /** Whether low values are the bad ones; high ones are by default. */
  readonly below?: boolean;
  /** 60 or a multiple. */
  readonly periodSeconds: number;
  /** How many of how many last periods must be over the threshold; one of one by default. */
  readonly datapoints?: readonly [breaching: number, evaluated: number];
  /** What periods without the metric are; good ones by default. `ignore` leaves the alarm as it is. */
  readonly missing?: "breaching" | "ignore";
}

/** An alarm on one metric of the provider's region: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
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
