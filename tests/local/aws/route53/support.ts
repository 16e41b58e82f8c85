import { Regions } from "../../../../local/aws/regions";
import type { DeclaredResource, LocalService, CreatedResource } from "../../../../local/aws/resource";
import { LocalRoute53, type Route53Options } from "../../../../local/aws/route53/route53";

/** Two regions as the program configures them. */
export function twoRegions(): Regions {
  return new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
}

/** A Route 53 on a free port, at a speed that makes seconds milliseconds, with nothing to probe unless told. */
export function startRoute53(options: Partial<Route53Options> = {}): Promise<LocalRoute53> {
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

/** Makes a resource as the program would declare it; the logical name is the physical one. */
export function make(
  service: LocalService,
  type: string,
  inputs: DeclaredResource["inputs"],
  options: { readonly name?: string; readonly region?: string } = {},
): Promise<CreatedResource> {
  const { name = "resource", region = "eu-west-1" } = options;
  return service.resourceHandlers[type]({ type, name, region, physicalName: name, inputs });
}

export const ZONE = "aws:route53/zone:Zone";
export const RECORD = "aws:route53/record:Record";
export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

/** The API Gateway names of both regions, as custom domains have them. */
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

/** The `aliases` input that leads to an endpoint. */
export function aliasTo(
  endpoint: { readonly name: string; readonly zoneId: string },
  evaluateTargetHealth = true,
): { name: string; zoneId: string; evaluateTargetHealth: boolean }[] {
  return [{ name: endpoint.name, zoneId: endpoint.zoneId, evaluateTargetHealth }];
}

/** The inputs of one record of a failover pair to both regions' endpoints. */
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
