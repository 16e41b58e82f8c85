import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { AlarmTopic } from "../regional/alarm-topic";
import { metricAlarm, MetricAlarmArgs } from "../regional/metric-alarm";
import { RegionalApp } from "../regional/regional-app";
import { Providers } from "./providers";

/** What the alarms of routing need. */
export interface RoutingAlarmsArgs {
  readonly apps: readonly RegionalApp[];
  /** Endpoint health checks, by region alias. */
  readonly endpoints: Readonly<Record<string, aws.route53.HealthCheck>>;
  /** ARNs by region alias; `global` is the one in us-east-1. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  /** Those of the regions; the component's own is that of us-east-1. */
  readonly providers: Required<Providers>;
  readonly alarms: AlarmConfig;
}

const MINUTE = 60;
const DAY = 24 * 3600;

/**
 * Alarms on the endpoint checks, in us-east-1, where alone its metrics are, and on the end of each certificate, in its own region.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
 */
export class RoutingAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: RoutingAlarmsArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:RoutingAlarms", name, {}, opts);
    const { apps, endpoints, certificates, providers, alarms } = args;

    const { topic } = new AlarmTopic(name, { email: alarms.email }, { parent: this });
    for (const { region } of apps)
      metricAlarm(
        `${name}-${region.name}-endpoint`,
        { ...endpointCondition(region.name, endpoints[region.name]), topic },
        { parent: this },
      );
    for (const app of apps)
      metricAlarm(
        `${name}-${app.region.name}-certificate`,
        {
          ...certificateCondition(app.region.name, certificates[app.region.name], alarms),
          topic: app.alarms.topic,
        },
        { parent: this, provider: providers.regional[app.region.name] },
      );
    metricAlarm(
      `${name}-global-certificate`,
      { ...certificateCondition("us-east-1", certificates.global, alarms), topic },
      { parent: this },
    );

    this.registerOutputs();
  }
}

type Condition = Omit<MetricAlarmArgs, "topic">;

/**
 * The metric is 1 while the check is healthy. Of an inverted check AWS's documents do not say which way round it is, so a
 * takeover has its alarm in its own region, by what the sentinel says.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
function endpointCondition(region: string, check: aws.route53.HealthCheck): Condition {
  return {
    description:
      `Route 53 reports ${region} as unhealthy. If it is the primary, api.<domain> resolves to the other region. If it is the ` +
      `secondary, there is no region to fail over to. Run npm run status, then check /health of ${region} and the alarm of its API.`,
    namespace: "AWS/Route53",
    metric: "HealthCheckStatus",
    dimensions: { HealthCheckId: check.id },
    statistic: "Minimum",
    threshold: 1,
    below: true,
    periodSeconds: MINUTE,
    missing: "breaching",
  };
}

/**
 * ACM publishes the days twice a day, and nothing more once they are over.
 * https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
 */
function certificateCondition(
  region: string,
  arn: pulumi.Output<string>,
  { certificateDays }: AlarmConfig,
): Condition {
  return {
    description:
      `The certificate in ${region} expires in fewer than ${certificateDays} days and was not renewed. Clients reject an expired ` +
      "certificate; health checks do not. Check its status in ACM. Usually the validation record is missing in the hosted zone.",
    namespace: "AWS/CertificateManager",
    metric: "DaysToExpiry",
    dimensions: { CertificateArn: arn },
    statistic: "Minimum",
    threshold: certificateDays,
    below: true,
    periodSeconds: DAY,
    missing: "ignore",
  };
}
