import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HealthCheckTiming, Region } from "../config";
import { AliasTarget } from "./custom-domain";

/** What a region's own name needs. */
export interface RegionalNameArgs {
  readonly region: Region;
  /** The full host name, such as `ireland.tickets.example.com`. */
  readonly hostName: string;
  readonly target: AliasTarget;
  readonly zoneId: pulumi.Input<string>;
  readonly timing: HealthCheckTiming;
}

/** The name that always leads to one region, and the health check of that region behind it. */
export class RegionalName extends pulumi.ComponentResource {
  readonly healthCheckId: pulumi.Output<string>;

  constructor(name: string, args: RegionalNameArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:RegionalName", name, {}, opts);

    const records = this.createRecords(name, args);
    this.healthCheckId = this.createHealthCheck(name, args, records).id;

    this.registerOutputs({ healthCheckId: this.healthCheckId });
  }

  private createRecords(name: string, { hostName, target, zoneId }: RegionalNameArgs): aws.route53.Record[] {
    return (["A", "AAAA"] as const).map(
      (type) =>
        new aws.route53.Record(
          `${name}-${type.toLowerCase()}`,
          { zoneId, name: hostName, type, aliases: [{ ...target, evaluateTargetHealth: false }] },
          { parent: this },
        ),
    );
  }

  /** Route 53 looks at the region through its own name: a check of the failover name would follow the failover. */
  private createHealthCheck(
    name: string,
    { region, hostName, timing }: RegionalNameArgs,
    records: aws.route53.Record[],
  ): aws.route53.HealthCheck {
    return new aws.route53.HealthCheck(
      name,
      {
        type: "HTTPS_STR_MATCH",
        fqdn: hostName,
        port: 443,
        enableSni: true,
        resourcePath: "/health",
        // How the body of a healthy answer of this very region begins.
        searchString: `"ok":true,"region":"${region.code}"`,
        requestInterval: timing.intervalSeconds,
        failureThreshold: timing.failureThreshold,
        tags: { Name: hostName },
      },
      { parent: this, dependsOn: records },
    );
  }
}
