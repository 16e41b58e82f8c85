import { Regions } from "../../../../local/aws/regions";
import { LocalRoute53, type LocalRoute53Options } from "../../../../local/aws/route53/route53";
import { createResource } from "../../support/create-resource";

/** Two regions, as in the program's configuration. */
export function twoRegions(): Regions {
  return new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
}

/** Starts Route 53 on a free port. One second becomes one millisecond, and by default there is nothing to probe. */
export function startRoute53(options: Partial<LocalRoute53Options> = {}): Promise<LocalRoute53> {
  const silent = (): void => undefined;
  return LocalRoute53.start({
    regions: twoRegions(),
    dnsPort: 0,
    healthCheckPort: () => 1,
    speed: 1,
    describe: ({ healthy }) => (healthy ? "healthy" : "unhealthy"),
    log: silent,
    ...options,
  });
}

export const ZONE = "aws:route53/zone:Zone";
export const RECORD = "aws:route53/record:Record";
export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

/** Regional API Gateway names of custom domains in both regions. */
export const IRELAND_ENDPOINT = {
  name: "d-ireland.execute-api.eu-west-1.amazonaws.com",
  zoneId: "ZLY8HYME6SFDD",
  region: "eu-west-1",
};
export const SINGAPORE_ENDPOINT = {
  name: "d-singapore.execute-api.ap-southeast-1.amazonaws.com",
  zoneId: "ZL327KTPIQFUL",
  region: "ap-southeast-1",
};

/** Starts Route 53 with the zone `tickets.test`, whose logical name is `zone`, and the endpoints of both regions. */
export async function openZone(
  options: Partial<LocalRoute53Options> = {},
): Promise<{ readonly route53: LocalRoute53; readonly zoneId: string }> {
  const route53 = await startRoute53(options);
  const { id } = await createResource(route53, ZONE, { name: "tickets.test" }, { name: "zone" });
  route53.registerAliasTarget(IRELAND_ENDPOINT);
  route53.registerAliasTarget(SINGAPORE_ENDPOINT);
  return { route53, zoneId: id };
}

/** Returns the `aliases` input for an endpoint. */
export function aliasTo(
  endpoint: { readonly name: string; readonly zoneId: string },
  evaluateTargetHealth = true,
): { name: string; zoneId: string; evaluateTargetHealth: boolean }[] {
  return [{ name: endpoint.name, zoneId: endpoint.zoneId, evaluateTargetHealth }];
}

/** Returns the inputs of one record of a failover pair for the endpoints of both regions. */
export function failoverInputs(
  zoneId: string,
  role: "PRIMARY" | "SECONDARY",
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    zoneId,
    name: "api",
    type: "A",
    aliases: aliasTo(role === "PRIMARY" ? IRELAND_ENDPOINT : SINGAPORE_ENDPOINT),
    failoverRoutingPolicies: [{ type: role }],
    setIdentifier: role.toLowerCase(),
    ...more,
  };
}
