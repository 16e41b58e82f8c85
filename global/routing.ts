import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig } from "../config/alarms";
import { Domain, HealthCheckTiming } from "../config";
import { RegionalApp } from "../regional/regional-app";
import { Certificates } from "./certificates";
import { AliasTarget, CustomDomain } from "./custom-domain";
import { FailoverName } from "./failover-name";
import { HostedZone } from "./hosted-zone";
import type { UiName } from "./ui-distribution";
import { Providers } from "./providers";
import { RegionalChecks } from "./regional-checks";
import { RegionalName } from "./regional-name";
import { RoleNames } from "./role-names";
import { RoutingAlarms } from "./routing-alarms";

/** Arguments of routing. */
export interface RoutingArgs {
  readonly domain: Domain;
  /** Whether a zone that the program creates is protected. */
  readonly protectData: boolean;
  readonly apps: readonly RegionalApp[];
  /** Alias of the region that serves while it is healthy. */
  readonly primary: string;
  readonly healthCheck: HealthCheckTiming;
  readonly alarms: AlarmConfig;
  /** Regional providers, and the one of us-east-1, which the component itself uses. */
  readonly providers: Required<Providers>;
}

/** All resources under the domain, but for the web UI's distribution and its records. Regional resources get an explicit provider; the others inherit the global one. */
export class Routing extends pulumi.ComponentResource {
  /** Name servers to which the domain must be delegated; absent for an existing zone. */
  readonly nameServers?: pulumi.Output<string[]>;
  /** Ids of the endpoint health checks, by region alias. */
  readonly healthChecks: Readonly<Record<string, pulumi.Output<string>>>;
  /** Name of the web UI, which the distribution serves. */
  readonly uiName: UiName;

  constructor(name: string, args: RoutingArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Routing", name, {}, opts);
    const { domain, protectData, apps, primary, providers } = args;

    const zone = new HostedZone(`${name}-zone`, { domain, protectData }, { parent: this });
    const { zoneId } = zone;
    const certificates = new Certificates(
      `${name}-certificate`,
      {
        ...{ domainName: domain.name, zoneId, keepValidation: zone.canOutliveStack },
        providers: { ...providers.regional, global: providers.global },
      },
      { parent: this },
    );
    const routed = apps.map((app) =>
      this.createRegion(name, args, app, zoneId, certificates.arns[app.region.name]),
    );
    this.healthChecks = Object.fromEntries(
      routed.map(({ name: region, checks }) => [region, checks.endpoint.id]),
    );
    const [first, second] = routed;
    const inRoles = [
      { ...first, serves: servesCheck(`${name}-${first.name}-serves`, first, second, { parent: this }) },
      { ...second, serves: servesCheck(`${name}-${second.name}-serves`, second, first, { parent: this }) },
    ];
    this.createRoleRecords(name, domain, zoneId, inRoles, primary);
    new RoutingAlarms(
      `${name}-alarms`,
      {
        apps,
        endpoints: Object.fromEntries(routed.map(({ name: region, checks }) => [region, checks.endpoint])),
        certificates: certificates.arns,
        providers,
        alarms: args.alarms,
      },
      { parent: this },
    );
    this.uiName = {
      hostName: `app.${domain.name}`,
      zoneId,
      certificateArn: certificates.arns.global,
    };
    this.nameServers = zone.nameServers;

    this.registerOutputs({ nameServers: this.nameServers, healthChecks: this.healthChecks });
  }

  /** Creates the resources that depend on the roles: DNS records only. */
  private createRoleRecords(
    name: string,
    domain: Domain,
    zoneId: pulumi.Input<string>,
    regions: readonly RegionWithServesCheck[],
    primaryName: string,
  ): void {
    const primary = regions[0].name === primaryName ? regions[0] : regions[1];
    const secondary = primary === regions[0] ? regions[1] : regions[0];
    const roles = {
      zoneId,
      primary: { name: primary.name, target: primary.target, healthCheckId: primary.serves.id },
      secondary: {
        name: secondary.name,
        target: secondary.target,
        healthCheckId: secondary.checks.endpoint.id,
      },
    };
    new FailoverName(`${name}-api`, { ...roles, hostName: apiHostName(domain) }, { parent: this });
    new RoleNames(`${name}-roles`, { ...roles, domainName: domain.name }, { parent: this });
  }

  /** Creates the two custom domains, the regional name and the health checks of a region. */
  private createRegion(
    name: string,
    { domain, providers, healthCheck }: RoutingArgs,
    { region, api }: RegionalApp,
    zoneId: pulumi.Input<string>,
    certificateArn: pulumi.Input<string>,
  ): RoutedRegion {
    const provider: aws.Provider = providers.regional[region.name];
    const answerUnder = (hostName: string, suffix: string): CustomDomain =>
      new CustomDomain(
        `${name}-${region.name}-${suffix}`,
        { hostName, api, certificateArn },
        { parent: this, provider },
      );

    const hostName = `${region.name}.${domain.name}`;
    const regional = answerUnder(hostName, "domain");
    const failover = answerUnder(apiHostName(domain), "api-domain");
    const { checks } = new RegionalName(
      `${name}-${region.name}`,
      { region, hostName, target: regional.target, zoneId, timing: healthCheck },
      { parent: this },
    );
    return { name: region.name, target: failover.target, checks };
  }
}

/** Region that the failover name can resolve to. */
interface RoutedRegion {
  /** Region alias. */
  readonly name: string;
  readonly target: AliasTarget;
  readonly checks: RegionalChecks;
}

interface RegionWithServesCheck extends RoutedRegion {
  /** Healthy while the region is healthy and the other one has not taken over. Used by the record of the primary. */
  readonly serves: aws.route53.HealthCheck;
}

/** Exists for both regions, so that a swap of the roles changes no health check: its status would be outdated for a while. */
function servesCheck(
  name: string,
  own: RoutedRegion,
  other: RoutedRegion,
  opts: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
  return new aws.route53.HealthCheck(
    name,
    {
      type: "CALCULATED",
      childHealthchecks: [own.checks.endpoint.id, other.checks.takeover.id],
      childHealthThreshold: 2,
      tags: { Name: `${own.name} serves and ${other.name} has not taken over` },
    },
    opts,
  );
}

/** URL of the failover name of the API, without a trailing slash. */
export function failoverUrl(domain: Domain): string {
  return `https://${apiHostName(domain)}`;
}

function apiHostName(domain: Domain): string {
  return `api.${domain.name}`;
}
