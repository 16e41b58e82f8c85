import "./node-version";
import { getStack } from "@pulumi/pulumi";
import { join } from "node:path";
import { readConfig } from "./config";
import { AuditTrail } from "./global/audit-trail";
import { Heartbeat } from "./global/heartbeat";
import { PageConfig } from "./global/page-config";
import { createProviders } from "./global/providers";
import { Replication } from "./global/replication";
import { failoverUrl as failoverUrlOf, pageUrl, Routing } from "./global/routing";
import { Sentinel } from "./global/sentinel";
import { RegionalApp } from "./regional/regional-app";

const config = readConfig();
const { domain, logRetentionDays, protectData, alarms, takeover } = config;
const providers = createProviders(config);

// A website's bucket is public; with a domain CloudFront has the page, and its buckets are not.
const page = { folder: join(__dirname, "ui", "dist"), isWebsite: !domain };
const apps = config.regions.map(
  (region) =>
    new RegionalApp(
      region.name,
      { region, page, protectData, logRetentionDays, alarms },
      { provider: providers.regional[region.name] },
    ),
);
const [first, second] = apps;

// Each of these joins the regions, so both apps are declared before any of them.
for (const app of apps)
  new PageConfig(
    `${app.region.name}-page-config`,
    { app, apps, failoverUrl: domain && failoverUrlOf(domain) },
    { provider: providers.regional[app.region.name] },
  );

// By the nickname of the region whose writes are sent.
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

/**
 * By nickname: the region's AWS code, where its API is, its page (without a domain), its tables, and where its replication
 * leaves what it cannot send.
 */
export const regions = Object.fromEntries(
  apps.map(({ region: { name, code }, api, page, table, conflicts }) => [
    name,
    {
      code,
      api: api.url,
      ...(page.url && { ui: page.url }),
      table: table.table.name,
      conflictTable: conflicts.table.name,
      quarantineQueue: replications[name].quarantine.url,
      failureBucket: replications[name].failures.bucket.bucket,
    },
  ]),
);

/** Whose outputs these are. */
export const stack = getStack();

/** Nickname of the region that serves while it is healthy. */
export const primary = config.primary;

/** Whether a failover lasts until somebody fails back, `gated`, or is Route 53's alone, `automatic`; absent without a domain. */
export const failback = domain && takeover.failback;

/** Ids of the health checks of the regions' endpoints, by nickname; absent without a domain. */
export const healthChecks = routing?.healthChecks;

/** Where the API answers from whichever region serves; absent without a domain. */
export const failoverUrl = domain && failoverUrlOf(domain);

/** Where the page is, from whichever region has it; absent without a domain, when each region has its own. */
export const appUrl = domain && pageUrl(domain);

/** What the domain must be delegated to; absent unless the program created its zone. */
export const nameServers = routing?.nameServers;
