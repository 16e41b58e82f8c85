import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HealthCheckTiming, Region } from "../config";

/** What a region's health checks need. */
export interface RegionalChecksArgs {
  readonly region: Region;
  /** Name that always resolves to this region, such as `ireland.tickets.example.com`; its record must exist. */
  readonly hostName: string;
  readonly timing: HealthCheckTiming;
}

/** The health checks of one region. */
export interface RegionalChecks {
  /** Healthy while the region serves. */
  readonly endpoint: aws.route53.HealthCheck;
  /** Unhealthy only while the region says that it has taken over. */
  readonly takeover: aws.route53.HealthCheck;
}

/** What Route 53 asks one region, through the region's own name: a check of the failover name would follow the failover. */
export function regionalChecks(
  name: string,
  args: RegionalChecksArgs,
  opts: pulumi.CustomResourceOptions,
): RegionalChecks {
  return {
    endpoint: endpointCheck(name, args, opts),
    takeover: takeoverCheck(`${name}-takeover`, args, opts),
  };
}

function endpointCheck(
  name: string,
  { region, hostName, timing }: RegionalChecksArgs,
  opts: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
  return new aws.route53.HealthCheck(
    name,
    {
      ...httpsStringMatch(hostName, "/health", timing),
      // How the body of a healthy answer of this very region begins.
      searchString: `"ok":true,"region":"${region.code}"`,
      failureThreshold: timing.failureThreshold,
      tags: { Name: hostName },
    },
    opts,
  );
}

/**
 * Inverted, so that a region which is away, throttled or flooded counts as one that has not taken over: no request from
 * outside can cause a takeover. A new inverted check is unhealthy until Route 53 has asked, for some seconds.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 *
 * One answer of each checker is enough: a takeover must be in force before a primary that only stumbled is healthy
 * again. Going back takes more than four fifths of all checkers at once.
 */
function takeoverCheck(
  name: string,
  { region, hostName, timing }: RegionalChecksArgs,
  opts: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
  return new aws.route53.HealthCheck(
    name,
    {
      ...httpsStringMatch(hostName, "/routing", timing),
      searchString: `{"takeover":true,"region":"${region.code}"`,
      failureThreshold: 1,
      invertHealthcheck: true,
      tags: { Name: `${hostName} has not taken over` },
    },
    opts,
  );
}

function httpsStringMatch(
  fqdn: string,
  resourcePath: string,
  { intervalSeconds }: HealthCheckTiming,
): aws.route53.HealthCheckArgs {
  return {
    type: "HTTPS_STR_MATCH",
    fqdn,
    port: 443,
    enableSni: true,
    resourcePath,
    requestInterval: intervalSeconds,
  };
}
