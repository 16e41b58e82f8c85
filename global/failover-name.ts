import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AliasTarget } from "./custom-domain";

/** Region that a failover name can resolve to. */
interface FailoverTarget {
  readonly target: AliasTarget;
  readonly healthCheckId: pulumi.Input<string>;
}

/** Arguments of a failover name. */
export interface FailoverNameArgs {
  /** Host name, such as `api.tickets.example.com`. */
  readonly hostName: string;
  readonly zoneId: pulumi.Input<string>;
  /** The name resolves to it while it is healthy, and when both regions are unhealthy. */
  readonly primary: FailoverTarget;
  /** The name resolves to it while only it is healthy. */
  readonly secondary: FailoverTarget;
}

/**
 * Name that resolves to the primary region while it is healthy, and otherwise to the secondary.
 *
 * Its records and those of RoleNames are the only resources named by role. Pulumi updates one record at a time, and Route 53
 * rejects a second PRIMARY record of a name, so records named by region could not swap roles. Records named by role swap targets.
 */
export class FailoverName extends pulumi.ComponentResource {
  constructor(name: string, args: FailoverNameArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:FailoverName", name, {}, opts);

    for (const role of ["primary", "secondary"] as const)
      for (const type of ["A", "AAAA"] as const) this.createRecord(name, args, role, type);

    this.registerOutputs();
  }

  private createRecord(
    name: string,
    args: FailoverNameArgs,
    role: "primary" | "secondary",
    type: "A" | "AAAA",
  ): void {
    const { hostName, zoneId } = args;
    const { target, healthCheckId } = args[role];
    new aws.route53.Record(
      `${name}-${role}-${type.toLowerCase()}`,
      {
        zoneId,
        name: hostName,
        type,
        setIdentifier: role,
        failoverRoutingPolicies: [{ type: role.toUpperCase() }],
        healthCheckId,
        aliases: [{ ...target, evaluateTargetHealth: true }],
      },
      { parent: this },
    );
  }
}
