import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { Domain } from "../config";
import { METRIC_NAMESPACE } from "../functions/shared/metrics";
import { routingId, sentinelId } from "../functions/shared/reserved-items";
import { sentinel } from "../functions/sentinel/sentinel";
import { RUN_MS, TAKEN_OVER } from "../functions/sentinel/watch";
import { LambdaFunction } from "../regional/lambda-function";
import { metricAlarm, MetricAlarmArgs } from "../regional/metric-alarm";
import { onlyKeys } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";
import { everyMinute } from "./every-minute";

/** Arguments of a sentinel. */
export interface SentinelArgs {
  /** Region that takes over. All resources are in it. */
  readonly app: RegionalApp;
  /** Monitored region. */
  readonly other: RegionalApp;
  readonly domain: Domain;
  /** Time for which the other region must have failed every probe, 1 to 3600. */
  readonly takeoverAfterSeconds: number;
  readonly logRetentionDays: number;
}

/** Duration of a run, plus a last round of calls that all time out. */
const TIMEOUT_SECONDS = RUN_MS / 1000 + 50;
/** Small, because the function runs all the time and mostly waits: memory determines its cost. */
const MEMORY_MEGABYTES = 256;
const MINUTE = 60;

/**
 * Failover monitor: probes the other region while that one is the primary according to Route 53, and takes over when it fails.
 * Runs in both regions, so that it does not depend on the roles.
 */
export class Sentinel extends pulumi.ComponentResource {
  constructor(name: string, args: SentinelArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Sentinel", name, {}, opts);

    const watch = this.createFunction(name, args);
    everyMinute(`${name}-schedule`, watch, { parent: this });
    const { topic } = args.app.alarms;
    for (const [alarm, condition] of Object.entries(conditions(watch.function, args)))
      metricAlarm(`${name}-${alarm}`, { ...condition, topic }, { parent: this });

    this.registerOutputs();
  }

  private createFunction(
    name: string,
    { app, other, domain, takeoverAfterSeconds, logRetentionDays }: SentinelArgs,
  ): LambdaFunction<unknown, void> {
    const { table } = app.table;
    const { code } = app.region;
    return new LambdaFunction(
      name,
      {
        callbackFactory: sentinel,
        statements: [
          {
            actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
            resources: [table.arn],
            condition: onlyKeys(routingId(code), sentinelId(code)),
          },
          ...app.useTableKey,
        ],
        environment: {
          TABLE_NAME: table.name,
          REGION_NAME: app.region.name,
          API_URL: app.api.url,
          OTHER_REGION: other.region.code,
          OTHER_REGION_NAME: other.region.name,
          OTHER_API_URL: other.api.url,
          DOMAIN_NAME: domain.name,
          TAKEOVER_AFTER_SECONDS: String(takeoverAfterSeconds),
        },
        timeoutSeconds: TIMEOUT_SECONDS,
        memoryMegabytes: MEMORY_MEGABYTES,
        logRetentionDays,
      },
      { parent: this },
    );
  }
}

function conditions(
  watch: aws.lambda.Function,
  { app, other }: SentinelArgs,
): Record<string, Omit<MetricAlarmArgs, "topic">> {
  const measured = {
    namespace: METRIC_NAMESPACE,
    metric: TAKEN_OVER,
    dimensions: { FunctionName: watch.name, Region: app.region.code },
    periodSeconds: MINUTE,
  } as const;
  const [own, watched] = [app.region.name, other.region.name];
  return {
    "taken-over": {
      description:
        `${own} has taken over from ${watched} and serves until an operator fails back. Check npm run status. When ${watched} is ` +
        "healthy again, run npm run failback.",
      ...measured,
      statistic: "Maximum",
      threshold: 1,
    },
    silent: {
      description:
        `The sentinel of ${own} does not run or does not know the roles, so there is no automatic takeover if ${watched} fails. ` +
        "Check the log of the sentinel function, its schedule, and the TXT record primary.<domain>.",
      ...measured,
      statistic: "SampleCount",
      threshold: 1,
      below: true,
      datapoints: [5, 5],
      missing: "breaching",
    },
  };
}
