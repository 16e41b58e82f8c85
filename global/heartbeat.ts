import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../alarm-config";
import { heartbeat, HEARTBEAT_AGE } from "../functions/heartbeat/heartbeat";
import { heartbeatId } from "../functions/heartbeat/heartbeat-id";
import { METRIC_NAMESPACE } from "../functions/metrics";
import { LambdaFunction } from "../regional/lambda-function";
import { metricAlarm } from "../regional/metric-alarm";
import { policyDocument, PolicyStatement } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";

/** What a heartbeat needs. */
export interface HeartbeatArgs {
  /** Whose heart beats. Everything here runs in its region. */
  readonly app: RegionalApp;
  /** Whose heartbeats are awaited here. */
  readonly other: RegionalApp;
  readonly alarms: AlarmConfig;
  readonly logRetentionDays: number;
}

const TIMEOUT_SECONDS = 10;
const MEMORY_MEGABYTES = 512;

/** Writes an item each minute that replicates, so that an idle stream shows that it is alive, and awaits the other region's. */
export class Heartbeat extends pulumi.ComponentResource {
  constructor(name: string, args: HeartbeatArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Heartbeat", name, {}, opts);

    const { function: beat } = this.createFunction(name, args);
    this.schedule(`${name}-schedule`, beat);
    this.watch(`${name}-missing`, beat, args);

    this.registerOutputs();
  }

  private createFunction(
    name: string,
    { app, other, logRetentionDays }: HeartbeatArgs,
  ): LambdaFunction<void, void> {
    const { table } = app.table;
    const may = (action: string, region: string): PolicyStatement => ({
      actions: [action],
      resources: [table.arn],
      condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [heartbeatId(region)] } },
    });
    return new LambdaFunction(
      name,
      {
        callbackFactory: heartbeat,
        statements: [may("dynamodb:PutItem", app.region.code), may("dynamodb:GetItem", other.region.code)],
        environment: { TABLE_NAME: table.name, OTHER_REGION: other.region.code },
        timeoutSeconds: TIMEOUT_SECONDS,
        memoryMegabytes: MEMORY_MEGABYTES,
        logRetentionDays,
      },
      { parent: this },
    );
  }

  private schedule(name: string, beat: aws.lambda.Function): void {
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: policyDocument([trustScheduler(beat.arn)]) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: policyDocument([{ actions: ["lambda:InvokeFunction"], resources: [beat.arn] }]),
      },
      { parent: this },
    );
    new aws.scheduler.Schedule(
      name,
      {
        scheduleExpression: "rate(1 minute)",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: beat.arn,
          roleArn: role.arn,
          // The next one comes within a minute.
          retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
        },
      },
      { parent: this, dependsOn: policy },
    );
  }

  private watch(name: string, beat: aws.lambda.Function, { app, other, alarms }: HeartbeatArgs): void {
    metricAlarm(
      name,
      {
        topic: app.alarms.topic,
        description:
          `No heartbeat of ${other.region.name} arrives in ${app.region.name}: that region is lost, replication from it ` +
          `stands still, or the heartbeat of ${app.region.name}, which measures it, does not run. Look at the ` +
          `other alarms of ${other.region.name} to ${app.region.name}, then at the log of the heartbeat function of each region.`,
        namespace: METRIC_NAMESPACE,
        metric: HEARTBEAT_AGE,
        dimensions: {
          FunctionName: beat.name,
          SourceRegion: other.region.code,
          TargetRegion: app.region.code,
        },
        statistic: "Maximum",
        threshold: alarms.heartbeatAgeSeconds * 1000,
        periodSeconds: 60,
        datapoints: [3, 3],
        missingIsBad: true,
      },
      { parent: this },
    );
  }
}

/**
 * Lets EventBridge Scheduler take the role, for schedules of this account only.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function trustScheduler(functionArn: pulumi.Output<string>): PolicyStatement {
  const account = functionArn.apply((arn) => arn.split(":")[4]);
  return {
    actions: ["sts:AssumeRole"],
    principal: { Service: "scheduler.amazonaws.com" },
    condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}
