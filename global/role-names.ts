import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { primaryHostName, servingHostName } from "../functions/sentinel/role-lookup";

/** A region in its role. */
interface RoleHolder {
  /** Nickname. */
  readonly name: string;
  /** The check of the region's record under the failover name. */
  readonly healthCheckId: pulumi.Input<string>;
}

/** What the role names need. */
export interface RoleNamesArgs {
  readonly domainName: string;
  readonly zoneId: pulumi.Input<string>;
  readonly primary: RoleHolder;
  readonly secondary: RoleHolder;
}

/** Roles change with an update of the stack. */
const ROLE_TTL_SECONDS = 60;
/** Short, so that the sentinel sees a failover while it is young. */
const SERVING_TTL_SECONDS = 5;

/**
 * Two names that say, through Route 53's data plane, which region is the primary, and which one the failover name leads
 * to now. So nothing outside Route 53 has to know the roles, and swapping them changes nothing else.
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

  /** Fails over by the very checks of the API's name. */
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
