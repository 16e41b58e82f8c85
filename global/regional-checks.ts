import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HealthCheckTiming, Region } from "../config";

/** Arguments of the health checks of one region. */
export interface RegionalChecksArgs {
  readonly region: Region;
  /** Name that always resolves to this region, such as `ireland.tickets.example.com`; its record must exist. */
  readonly hostName: string;
  readonly timing: HealthCheckTiming;
}

/** Route 53 health checks of one region. */
export interface RegionalChecks {
  /** Healthy while the region can serve. */
  readonly endpoint: aws.route53.HealthCheck;
  /** Unhealthy only while the region reports that it has taken over. */
  readonly takeover: aws.route53.HealthCheck;
}

/** Creates the health checks of one region. They use the regional name, because the failover name can resolve to the other region. */
export function regionalChecks(
  name: string,
  { region, hostName, timing }: RegionalChecksArgs,
  opts: pulumi.CustomResourceOptions,
): RegionalChecks {
  const check = (
    checkName: string,
    args: Pick<
      aws.route53.HealthCheckArgs,
      "resourcePath" | "searchString" | "failureThreshold" | "invertHealthcheck" | "tags"
    >,
  ): aws.route53.HealthCheck =>
    new aws.route53.HealthCheck(
      checkName,
      {
        type: "HTTPS_STR_MATCH",
        fqdn: hostName,
        port: 443,
        enableSni: true,
        requestInterval: timing.intervalSeconds,
        ...args,
      },
      opts,
    );
  return {
    endpoint: check(name, {
      resourcePath: "/health",
      // Start of the body of a healthy response from this region.
      searchString: `"ok":true,"region":"${region.code}"`,
      failureThreshold: timing.failureThreshold,
      tags: { Name: hostName },
    }),
    // Inverted, so that a region that is down, throttled or flooded counts as one that has not taken over: no request from
    // outside can cause a takeover. A new inverted check is unhealthy for some seconds, until Route 53 has sent requests.
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    //
    // Threshold 1: one response per checker is enough, because a takeover must be in force before a primary that failed briefly
    // is healthy again. Ending it takes more than four fifths of all checkers at the same time.
    takeover: check(`${name}-takeover`, {
      resourcePath: "/routing",
      searchString: `{"takeover":true,"region":"${region.code}"`,
      failureThreshold: 1,
      invertHealthcheck: true,
      tags: { Name: `${hostName} has not taken over` },
    }),
  };
}
