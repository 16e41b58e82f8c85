import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Domain } from "../config";

/**
 * Route 53 hosted zone of the domain: the configured one, or a new one. The program does not register the domain, because a
 * registration costs money, needs the owner's address and cannot be undone.
 */
export class HostedZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Input<string>;
  /** Name servers to which the registrar or parent zone must delegate; absent for an existing zone. */
  readonly nameServers?: pulumi.Output<string[]>;

  constructor(
    name: string,
    { name: domainName, hostedZoneId }: Domain,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("tickets:global:HostedZone", name, {}, opts);

    if (hostedZoneId) {
      this.zoneId = hostedZoneId;
    } else {
      const zone = new aws.route53.Zone(name, { name: domainName }, { parent: this });
      this.zoneId = zone.zoneId;
      this.nameServers = zone.nameServers;
    }

    this.registerOutputs({ zoneId: this.zoneId, nameServers: this.nameServers });
  }
}
