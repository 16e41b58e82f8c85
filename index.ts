import "./scripts/node-version";
import { getStack } from "@pulumi/pulumi";
import { join } from "node:path";
import { readConfig } from "./config";
import { AuditTrail } from "./global/audit-trail";
import { Heartbeat } from "./global/heartbeat";
import { UiConfig } from "./global/ui-config";
import { createProviders } from "./global/providers";
import { Replication } from "./global/replication";
import { failoverUrl as failoverUrlOf, uiUrl, Routing } from "./global/routing";
import { Sentinel } from "./global/sentinel";
import { RegionalApp } from "./regional/regional-app";

const config = readConfig();
const { domain, logRetentionDays, protectData, alarms, takeover } = config;
const providers = createProviders(config);

// A website's bucket is public; with a domain CloudFront has the page, and its buckets are not.
const ui = { folder: join(__dirname, "ui", "dist"), isWebsite: !domain };
const apps = config.regions.map(
  (region) =>
    new RegionalApp(
      region.name,
      { region, ui, protectData, logRetentionDays, alarms },
      { provider: providers.regional[region.name] },
    ),
);
const [first, second] = apps;

// Each of these joins the regions, so both apps are declared before any of them.
for (const app of apps)
  new UiConfig(
    `${app.region.name}-page-config`,
    { app, apps, failoverUrl: domain && failoverUrlOf(domain) },
    { provider: providers.regional[app.region.name] },
  );

// By alias of the region whose writes are replicated.
const replications: Record<string, Replication> = {};
for (const [source, target] of [
  [first, second],
  [second, first],
]) {
  const provider = providers.regional[source.region.name];
  replications[source.region.name] = new Replication(
    `${source.region.name}-to-${target.region.name}`,
    { source, target, logRetentionDays, alarms },
    { provider },
  );
  new Heartbeat(
    `${source.region.name}-heartbeat`,
    { app: source, other: target, alarms, logRetentionDays },
    { provider },
  );
  if (domain && takeover.failback === "gated")
    new Sentinel(
      `${source.region.name}-sentinel`,
      {
        app: source,
        other: target,
        domain,
        takeoverAfterSeconds: takeover.takeoverAfterSeconds,
        logRetentionDays,
      },
      { provider },
    );
}

const routing =
  domain && providers.global
    ? new Routing(
        "routing",
        {
          domain,
          apps,
          primary: config.primary,
          healthCheck: config.healthCheck,
          alarms,
          providers: { regional: providers.regional, global: providers.global },
        },
        { provider: providers.global },
      )
    : undefined;

if (config.auditTrail)
  new AuditTrail("audit-trail", { apps, provider: providers.regional[first.region.name], protectData });

// One object, so that an output without a value is left out: Pulumi warns of every output that is undefined.
export = {
  /**
   * By region alias: the AWS region code, the API's URL, the web UI's URL (without a domain), the tables, and where
   * replication leaves what it cannot send.
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
      },
    ]),
  ),

  /** Name of the Pulumi stack. */
  stack: getStack(),

  /** Alias of the region that serves while it is healthy. */
  primary: config.primary,

  ...(domain && {
    /** `gated`: a failover lasts until an operator fails back. `automatic`: Route 53 returns service. */
    failback: takeover.failback,

    /** URL of the API in the region that serves. */
    failoverUrl: failoverUrlOf(domain),

    /** URL of the web UI that both regions back. */
    appUrl: uiUrl(domain),
  }),

  /** Ids of the health checks of the regional endpoints, by region alias; only with a domain. */
  ...(routing && { healthChecks: routing.healthChecks }),

  /** Name servers to delegate the domain to; only if the program created its zone. */
  ...(routing?.nameServers && { nameServers: routing.nameServers }),
};
