import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Domain } from "../config";

/**
 * Route 53 zone of the domain: the existing one that the configuration names, or a new one. The domain itself is never
 * registered here: a registration costs money, needs the owner's address and cannot be undone.
 */
export class HostedZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Input<string>;
  /** What the domain's registrar or parent zone must delegate to; absent for an existing zone. */
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
