import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { primaryHostName, servingHostName } from "../functions/sentinel/role-lookup";

/** Region that holds a role. */
interface RoleHolder {
  /** Region alias. */
  readonly name: string;
  /** Health check of the region's record of the failover name. */
  readonly healthCheckId: pulumi.Input<string>;
}

/** Arguments of the role names. */
export interface RoleNamesArgs {
  readonly domainName: string;
  readonly zoneId: pulumi.Input<string>;
  readonly primary: RoleHolder;
  readonly secondary: RoleHolder;
}

/** Roles change only with a stack update. */
const ROLE_TTL_SECONDS = 60;
/** Short, so that the sentinel detects a failover quickly. */
const SERVING_TTL_SECONDS = 5;

/**
 * Two TXT names that return the alias of the primary and the alias of the region to which the failover name resolves now. They
 * use Route 53's data plane. Roles are stored only in Route 53, so a swap changes only DNS records.
 */
export class RoleNames extends pulumi.ComponentResource {
  constructor(name: string, args: RoleNamesArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:RoleNames", name, {}, opts);

    const { domainName, zoneId, primary } = args;
    new aws.route53.Record(
      `${name}-primary`,
      {
        zoneId,
        name: primaryHostName(domainName),
        type: "TXT",
        ttl: ROLE_TTL_SECONDS,
        records: [primary.name],
      },
      { parent: this },
    );
    for (const role of ["primary", "secondary"] as const) this.createServing(name, args, role);

    this.registerOutputs();
  }

  /** Creates a failover record with the same health check as the failover name of the API. */
  private createServing(
    name: string,
    { domainName, zoneId, ...roles }: RoleNamesArgs,
    role: "primary" | "secondary",
  ): void {
    const holder = roles[role];
    new aws.route53.Record(
      `${name}-serving-${role}`,
      {
        zoneId,
        name: servingHostName(domainName),
        type: "TXT",
        ttl: SERVING_TTL_SECONDS,
        records: [holder.name],
        setIdentifier: role,
        failoverRoutingPolicies: [{ type: role.toUpperCase() }],
        healthCheckId: holder.healthCheckId,
      },
      { parent: this },
    );
  }
}
