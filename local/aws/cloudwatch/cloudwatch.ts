import { expectInputs } from "../inputs";
import {
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";

/** Retention periods of CloudWatch Logs in days; 0 means never to expire. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Accepted inputs of an alarm; all others are rejected. */
const ALARM_INPUTS = [
  "name",
  "alarmDescription",
  "namespace",
  "metricName",
  "dimensions",
  "statistic",
  "extendedStatistic",
  "comparisonOperator",
  "threshold",
  "period",
  "datapointsToAlarm",
  "evaluationPeriods",
  "treatMissingData",
  "alarmActions",
  "okActions",
  "tags",
  "region",
];

/** Emulation of CloudWatch. Log groups and alarms exist by name. Logs of functions go to the terminal; no alarm is evaluated. */
export class LocalCloudWatch implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:cloudwatch/logGroup:LogGroup": (resource) => this.createLogGroup(resource),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (resource) => this.createAlarm(resource),
  });

  private readonly arns = new Set<string>();

  async close(): Promise<void> {
    this.arns.clear();
  }

  private async createLogGroup(resource: DeclaredResource): Promise<CreatedResource> {
    const harmless = [
      "kmsKeyId",
      "logGroupClass",
      "skipDestroy",
      "deletionProtectionEnabled",
      "tags",
      "region",
    ];
    expectInputs(resource, ["name", "retentionInDays", ...harmless]);
    const name: string = resource.inputs.name ?? resource.physicalName;
    const retention: number = resource.inputs.retentionInDays ?? 0;
    if (!RETENTION_DAYS.includes(retention))
      throw new Error(
        `retentionInDays ${retention} of the log group ${name} must be one of ${RETENTION_DAYS.join(", ")}.`,
      );
    const arn = arnOf("logs", resource.region, `log-group:${name}`);
    if (this.arns.has(arn)) throw new Error(`ResourceAlreadyExists: the log group ${name} already exists.`);
    this.arns.add(arn);
    return { id: name, outputs: { name, arn, retentionInDays: retention } };
  }

  /** Checks the inputs as CloudWatch does: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
  private async createAlarm(resource: DeclaredResource): Promise<CreatedResource> {
    expectInputs(resource, ALARM_INPUTS);
    const { inputs, region } = resource;
    const name: string = inputs.name ?? resource.physicalName;
    const arn = arnOf("cloudwatch", region, `alarm:${name}`);
    if (this.arns.has(arn)) throw new Error(`ResourceAlreadyExists: the alarm ${name} already exists.`);
    for (const action of [...(inputs.alarmActions ?? []), ...(inputs.okActions ?? [])] as string[])
      if (action.split(":")[3] !== region)
        throw new Error(
          `The alarm ${name} of ${region} cannot notify ${action}, which is in another region.`,
        );
    const periods: number = inputs.evaluationPeriods;
    if ((inputs.datapointsToAlarm ?? periods) > periods)
      throw new Error(`The alarm ${name} has more datapointsToAlarm than evaluationPeriods.`);
    this.arns.add(arn);
    return { id: name, outputs: { name, arn } };
  }
}
