import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../alarm-config";
import { AlarmTopic } from "../regional/alarm-topic";
import { metricAlarm, MetricAlarmArgs } from "../regional/metric-alarm";
import { RegionalApp } from "../regional/regional-app";
import { Providers } from "./providers";
import { RegionalChecks } from "./regional-checks";

/** What the alarms of routing need. */
export interface RoutingAlarmsArgs {
  readonly apps: readonly RegionalApp[];
  /** By the region's nickname. */
  readonly checks: Readonly<Record<string, RegionalChecks>>;
  /** ARNs by the region's nickname, and that of us-east-1 as `global`. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  /** Those of the regions; the component's own is that of us-east-1. */
  readonly providers: Required<Providers>;
  readonly alarms: AlarmConfig;
}

const MINUTE = 60;
const DAY = 24 * 3600;

/**
 * Alarms on what Route 53 sees, in us-east-1, where alone its metrics are, and on the end of each certificate, in its own region.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
 */
export class RoutingAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: RoutingAlarmsArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:RoutingAlarms", name, {}, opts);
    const { apps, checks, certificates, providers, alarms } = args;

    const { topic } = new AlarmTopic(name, { email: alarms.email }, { parent: this });
    for (const { region } of apps)
      for (const [alarm, condition] of Object.entries(onChecks(region.name, checks[region.name])))
        metricAlarm(`${name}-${region.name}-${alarm}`, { ...condition, topic }, { parent: this });
    for (const app of apps)
      metricAlarm(
        `${name}-${app.region.name}-certificate`,
        { ...onCertificate(app.region.name, certificates[app.region.name], alarms), topic: app.alarms.topic },
        { parent: this, provider: providers.regional[app.region.name] },
      );
    metricAlarm(
      `${name}-global-certificate`,
      { ...onCertificate("us-east-1", certificates.global, alarms), topic },
      { parent: this },
    );

    this.registerOutputs();
  }
}

type Condition = Omit<MetricAlarmArgs, "topic">;

function onChecks(region: string, { endpoint, takeover }: RegionalChecks): Record<string, Condition> {
  return {
    endpoint: {
      description:
        `Route 53 finds ${region} unhealthy. If it is the primary, clients are led to the other region; if it is the secondary, ` +
        `nothing would catch them. Look at npm run status, then at the /health of ${region} and its API's alarm.`,
      ...statusOf(endpoint),
      missing: "breaching",
    },
    takeover: {
      description:
        `Route 53 sees that ${region} has taken over: if it is the secondary, it serves until somebody fails back. Look at ` +
        "npm run status; when the primary is well again: npm run failback.",
      ...statusOf(takeover),
    },
  };
}

/** 1 while the check is healthy: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html */
function statusOf(check: aws.route53.HealthCheck): Omit<Condition, "description"> {
  return {
    namespace: "AWS/Route53",
    metric: "HealthCheckStatus",
    dimensions: { HealthCheckId: check.id },
    statistic: "Minimum",
    threshold: 1,
    below: true,
    periodSeconds: MINUTE,
  };
}

/**
 * ACM publishes the days twice a day, and nothing more once they are over.
 * https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
 */
function onCertificate(
  region: string,
  arn: pulumi.Output<string>,
  { certificateDays }: AlarmConfig,
): Condition {
  return {
    description:
      `The certificate in ${region} ends in fewer than ${certificateDays} days and was not renewed. Health checks do not look at ` +
      "certificates, clients do. Look at its status in ACM: most often its validation record is missing in the zone.",
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
