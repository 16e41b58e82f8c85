import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Domain, HealthCheckTiming } from "../config";
import { RegionalApp } from "../regional/regional-app";
import { Certificates } from "./certificates";
import { CustomDomain } from "./custom-domain";
import { FailoverName, FailoverTarget } from "./failover-name";
import { HostedZone } from "./hosted-zone";
import { PageDistribution } from "./page-distribution";
import { Providers } from "./providers";
import { RegionalName } from "./regional-name";

/** What routing needs. */
export interface RoutingArgs {
  readonly domain: Domain;
  readonly apps: readonly RegionalApp[];
  /** Nickname of the region that serves while it is healthy. */
  readonly primary: string;
  readonly healthCheck: HealthCheckTiming;
  /** Those of the regions, and one for us-east-1, which is also the component's own. */
  readonly providers: Required<Providers>;
}

/** Everything under the domain. It spans regions, so its regional parts are given their provider; the rest inherits. */
export class Routing extends pulumi.ComponentResource {
  /** What the domain must be delegated to; absent for an existing zone. */
  readonly nameServers?: pulumi.Output<string[]>;

  constructor(name: string, args: RoutingArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Routing", name, {}, opts);
    const { domain, apps, primary, providers } = args;

    const zone = new HostedZone(`${name}-zone`, domain, { parent: this });
    const { zoneId } = zone;
    const certificates = new Certificates(
      `${name}-certificate`,
      { domainName: domain.name, zoneId, providers: { ...providers.regional, global: providers.global } },
      { parent: this },
    );
    const targets = apps.map((app) =>
      this.createRegion(name, args, app, zoneId, certificates.arns[app.region.name]),
    );
    const primaryIndex = apps.findIndex(({ region }) => region.name === primary);
    new FailoverName(
      `${name}-api`,
      {
        hostName: apiHostName(domain),
        zoneId,
        primary: targets[primaryIndex],
        secondary: targets[1 - primaryIndex],
      },
      { parent: this },
    );
    new PageDistribution(
      `${name}-page`,
      {
        hostName: pageHostName(domain),
        zoneId,
        certificateArn: certificates.arns.global,
        apps,
        failoverUrl: failoverUrl(domain),
      },
      { parent: this },
    );
    this.nameServers = zone.nameServers;

    this.registerOutputs({ nameServers: this.nameServers });
  }

  /** The region's two host names, its health check, and what the failover name needs of them. */
  private createRegion(
    name: string,
    { domain, providers, healthCheck }: RoutingArgs,
    { region, api }: RegionalApp,
    zoneId: pulumi.Input<string>,
    certificateArn: pulumi.Input<string>,
  ): FailoverTarget {
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
    const { healthCheckId } = new RegionalName(
      `${name}-${region.name}`,
      { region, hostName, target: regional.target, zoneId, timing: healthCheck },
      { parent: this },
    );
    return { target: failover.target, healthCheckId };
  }
}

/** URL of the API's failover name; no slash at the end. */
export function failoverUrl(domain: Domain): string {
  return `https://${apiHostName(domain)}`;
}

/** URL of the page's name; no slash at the end. */
export function pageUrl(domain: Domain): string {
  return `https://${pageHostName(domain)}`;
}

function apiHostName(domain: Domain): string {
  return `api.${domain.name}`;
}

function pageHostName(domain: Domain): string {
  return `app.${domain.name}`;
}
