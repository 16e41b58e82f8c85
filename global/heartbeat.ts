import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { heartbeat, HEARTBEAT_AGE } from "../functions/heartbeat/heartbeat";
import { heartbeatIds } from "../functions/shared/reserved-items";
import { METRIC_NAMESPACE } from "../functions/shared/metrics";
import { LambdaFunction } from "../regional/lambda-function";
import { metricAlarm } from "../regional/metric-alarm";
import { onlyKeys, PolicyStatement } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";
import { everyMinute } from "./every-minute";

/** Arguments of a heartbeat. */
export interface HeartbeatArgs {
  /** Region that writes the heartbeat. All resources are in it. */
  readonly app: RegionalApp;
  /** Region whose heartbeats must arrive here. */
  readonly other: RegionalApp;
  readonly alarms: AlarmConfig;
  readonly logRetentionDays: number;
}

const TIMEOUT_SECONDS = 10;
const MEMORY_MEGABYTES = 512;

/**
 * Function that writes replicated items every minute, so that an idle stream can be monitored in all of its shards, and that
 * measures the age of the items from the other region. It must depend on the replication of its region: a replicator of an earlier
 * version rejects items that it does not know.
 */
export class Heartbeat extends pulumi.ComponentResource {
  constructor(name: string, args: HeartbeatArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Heartbeat", name, {}, opts);

    const beat = this.createFunction(name, args);
    everyMinute(`${name}-schedule`, beat, { parent: this });
    this.createAlarm(`${name}-missing`, beat.function, args);

    this.registerOutputs();
  }

  private createFunction(
    name: string,
    { app, other, logRetentionDays }: HeartbeatArgs,
  ): LambdaFunction<void, void> {
    const { table } = app.table;
    const may = (actions: string[], region: string): PolicyStatement => ({
      actions,
      resources: [table.arn],
      condition: onlyKeys(...heartbeatIds(region)),
    });
    return new LambdaFunction(
      name,
      {
        callbackFactory: heartbeat,
        statements: [
          may(["dynamodb:PutItem"], app.region.code),
          // The version before, which serves until its alias moves, reads one item.
          may(["dynamodb:BatchGetItem", "dynamodb:GetItem"], other.region.code),
          ...app.useTableKey,
        ],
        environment: { TABLE_NAME: table.name, OTHER_REGION: other.region.code },
        timeoutSeconds: TIMEOUT_SECONDS,
        memoryMegabytes: MEMORY_MEGABYTES,
        logRetentionDays,
      },
      { parent: this },
    );
  }

  private createAlarm(name: string, beat: aws.lambda.Function, { app, other, alarms }: HeartbeatArgs): void {
    metricAlarm(
      name,
      {
        topic: app.alarms.topic,
        description:
          `No heartbeat of ${other.region.name} arrives in ${app.region.name}. Either that region is down, replication from it has ` +
          `stopped, or the heartbeat function of ${app.region.name}, which measures it, does not run. Check the other ` +
          `alarms of ${other.region.name} to ${app.region.name}, then the log of the heartbeat function of each region.`,
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
        missing: "breaching",
      },
      { parent: this },
    );
  }
}
