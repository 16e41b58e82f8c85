import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { AlarmTopic } from "../regional/alarm-topic";
import { metricAlarm, MetricAlarmArgs } from "../regional/metric-alarm";
import { RegionalApp } from "../regional/regional-app";
import { Providers } from "./providers";

/** Arguments of the routing alarms. */
export interface RoutingAlarmsArgs {
  readonly apps: readonly RegionalApp[];
  /** Endpoint health checks, by region alias. */
  readonly endpoints: Readonly<Record<string, aws.route53.HealthCheck>>;
  /** ARNs by region alias, and `global` for us-east-1. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  /** Regional providers; the component itself uses the one of us-east-1. */
  readonly providers: Required<Providers>;
  readonly alarms: AlarmConfig;
}

const MINUTE = 60;
const DAY = 24 * 3600;

/**
 * Alarms on the endpoint checks, in us-east-1 because Route 53 publishes its metrics only there, and on the expiry of each
 * certificate, in the region of the certificate.
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
 * The metric is 1 while the check is healthy. AWS does not document its value for an inverted check, so the takeover alarm
 * uses a metric of the sentinel.
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
 * ACM publishes the metric twice a day, and stops when the certificate has expired.
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
