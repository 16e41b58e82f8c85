import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Domain } from "../config";

/** Arguments of a hosted zone. */
export interface HostedZoneArgs {
  readonly domain: Domain;
  /** Whether Pulumi refuses to delete a zone that it created, and keeps it in Route 53 if it is removed from the program. */
  readonly protectData: boolean;
}

/**
 * Route 53 hosted zone of the domain: the configured one, or a new one. The program does not register the domain, because a
 * registration costs money, needs the owner's address and cannot be undone.
 *
 * A new zone is protected like the tables: the parent zone delegates to its name servers, and another zone gets other ones
 * (docs/adr/0023-protect-the-hosted-zone.md). With accelerated recovery, records can be changed again within about 60 minutes of a
 * failure of us-east-1: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
 */
export class HostedZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Input<string>;
  /** Whether the zone can stay in Route 53 without the stack: it is not of the stack, or protected. */
  readonly canOutliveStack: boolean;
  /** Name servers to which the registrar or parent zone must delegate; absent for an existing zone. */
  readonly nameServers?: pulumi.Output<string[]>;

  constructor(
    name: string,
    { domain: { name: domainName, hostedZoneId }, protectData }: HostedZoneArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("tickets:global:HostedZone", name, {}, opts);

    this.canOutliveStack = hostedZoneId !== undefined || protectData;
    if (hostedZoneId !== undefined) {
      this.zoneId = hostedZoneId;
    } else {
      const zone = new aws.route53.Zone(
        name,
        { name: domainName, enableAcceleratedRecovery: true },
        // Route 53 has no deletion protection. Instead the zone stays when it leaves the stack.
        { parent: this, protect: protectData, retainOnDelete: protectData },
      );
      this.zoneId = zone.zoneId;
      this.nameServers = zone.nameServers;
    }

    this.registerOutputs({ zoneId: this.zoneId, nameServers: this.nameServers });
  }
}
