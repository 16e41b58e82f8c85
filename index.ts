import "./scripts/node-version";
import * as aws from "@pulumi/aws";
import { getStack } from "@pulumi/pulumi";
import { join } from "node:path";
import { readConfig, Region } from "./config";
import { AuditTrail } from "./global/audit-trail";
import { Heartbeat } from "./global/heartbeat";
import { createProviders } from "./global/providers";
import { Replication } from "./global/replication";
import { failoverUrl as failoverUrlOf, Routing } from "./global/routing";
import { Sentinel } from "./global/sentinel";
import { UiConfig } from "./global/ui-config";
import { UiDistribution } from "./global/ui-distribution";
import { RegionalApp } from "./regional/regional-app";

const config = readConfig();
const { domain, logRetentionDays, protectData, alarms, takeover, kmsKeys, publicWebsite, listIndexes } =
  config;

// Providers: one per region, and unless the websites are public one for global services.
const providers = createProviders(config);
const providerOf = ({ name }: Region): aws.Provider => providers.regional[name];

// One app per region. Its UI bucket is a private CloudFront origin, or a public website.
const ui = { folder: join(__dirname, "ui", "dist"), isWebsite: publicWebsite };
const apps = config.regions.map(
  (region) =>
    new RegionalApp(
      region.name,
      {
        region,
        domainName: domain?.name,
        ui,
        protectData,
        logRetentionDays,
        alarms,
        kmsKeyArn: kmsKeys[region.name],
        listIndexes,
      },
      { provider: providerOf(region) },
    ),
);
const [first, second] = apps;

// The configuration file of each web UI contains the API URLs of both regions.
for (const app of apps)
  new UiConfig(
    `${app.region.name}-page-config`,
    { app, apps, failoverUrl: domain && failoverUrlOf(domain) },
    { provider: providerOf(app.region) },
  );

// Both directions: replication, its heartbeat, and with gated failback the sentinel that takes over.
const replications: Record<string, Replication> = {};
for (const [app, other] of [
  [first, second],
  [second, first],
]) {
  const { name } = app.region;
  const opts = { provider: providerOf(app.region) };
  const replication = new Replication(
    `${name}-to-${other.region.name}`,
    { source: app, target: other, logRetentionDays, alarms, concurrency: config.replication },
    opts,
  );
  replications[name] = replication;
  // An earlier replicator would reject heartbeats that it does not know, so it is updated first.
  new Heartbeat(
    `${name}-heartbeat`,
    { app, other, alarms, logRetentionDays },
    { ...opts, dependsOn: replication },
  );
  if (domain && takeover.failback === "gated")
    new Sentinel(
      `${name}-sentinel`,
      { app, other, domain, takeoverAfterSeconds: takeover.takeoverAfterSeconds, logRetentionDays },
      opts,
    );
}

// DNS failover, certificates and health checks, only with a domain.
const routing =
  domain && providers.global
    ? new Routing(
        "routing",
        {
          domain,
          protectData,
          apps,
          primary: config.primary,
          healthCheck: config.healthCheck,
          alarms,
          providers: { regional: providers.regional, global: providers.global },
        },
        { provider: providers.global },
      )
    : undefined;

const auditTrail =
  config.auditTrail &&
  new AuditTrail("audit-trail", { ...config.auditTrail, apps, providers: providers.regional });

// The web UI of both regions at one address, under the domain or under CloudFront's own name.
const uiDistribution =
  providers.global &&
  new UiDistribution(
    "routing-page",
    { name: routing?.uiName, apps, failoverUrl: domain && failoverUrlOf(domain) },
    { provider: providers.global },
  );

// Stack outputs. One object, because Pulumi warns about exported outputs that are undefined.
export = {
  /**
   * By region alias: AWS region code, URL of the API, URL of the region's own web UI (only with public websites), tables, quarantine
   * queue, failure bucket, and the bucket with its copy of the web UI.
   */
  regions: Object.fromEntries(
    apps.map(({ region: { name, code }, api, ui, table, conflicts }) => [
      name,
      {
        code,
        api: api.url,
        ...(ui.url && { ui: ui.url }),
        table: table.table.name,
        conflictTable: conflicts.table.name,
        quarantineQueue: replications[name].quarantine.url,
        failureBucket: replications[name].failures.bucket.bucket,
        uiBucket: ui.bucket.bucket,
      },
    ]),
  ),

  /** Name of the Pulumi stack. */
  stack: getStack(),

  /** Alias of the region that serves while it is healthy. */
  primary: config.primary,

  ...(domain && {
    /** `gated`: a failover lasts until an operator fails back. `automatic`: Route 53 returns service by itself. */
    failback: takeover.failback,

    /** URL of the API in the region that serves. */
    failoverUrl: failoverUrlOf(domain),
  }),

  /** Name of the bucket of the audit trail, which outlives it; only with an audit trail. */
  ...(auditTrail && { auditBucket: auditTrail.bucket.bucket }),

  /** URL of the web UI of both regions; absent with public websites, of which each region has its own. */
  ...(uiDistribution && { appUrl: uiDistribution.url }),

  /** Ids of the health checks of the regional endpoints, by region alias; only with a domain. */
  ...(routing && { healthChecks: routing.healthChecks }),

  /** Name servers to delegate the domain to; only if the program created its zone. */
  ...(routing?.nameServers && { nameServers: routing.nameServers }),
};
