import { arnOf, type DeclaredResource, type ResourceHandler } from "../resource";
import { zoneIdOf } from "./ids";
import { checkTags } from "./tags";
import type { HostedZone, HostedZones } from "./zones";

const PUBLIC_ONLY = "The local Route 53 supports public zones with their own name servers only.";

/**
 * Creates the handler of `aws:route53/zone:Zone`. A zone can have the name of another one, and is deleted only without records of
 * its own or with `forceDestroy`.
 */
export function zoneHandler(zones: HostedZones): ResourceHandler {
  return {
    // Accelerated recovery has no effect here: the local Route 53 is always available. On AWS a zone that has it cannot be deleted; the
    // provider disables it first (https://github.com/hashicorp/terraform-provider-aws/pull/45302).
    updatable: ["comment", "enableAcceleratedRecovery", "forceDestroy", "tags"],
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html
    maximumTags: 10,
    replacing: { name: "internal/service/route53/zone.go:74" },
    remedies: { vpcs: PUBLIC_ONLY, delegationSetId: PUBLIC_ONLY },
    create: async ({ inputs, physicalName }) => {
      checkZone(inputs);
      const zone = zones.create(zoneIdOf(physicalName), inputs.name);
      zone.inputs = inputs;
      return { id: zone.zoneId, outputs: outputsOf(zone) };
    },
    read: async ({ id }) => {
      const zone = zones.byId(id);
      return zone && { id, inputs: zone.inputs, outputs: outputsOf(zone) };
    },
    update: async ({ id }, inputs) => {
      const zone = zones.byId(id);
      if (!zone) throw new Error(`NoSuchHostedZone: there is no hosted zone ${id}.`);
      checkZone(inputs);
      zone.inputs = inputs;
      return outputsOf(zone);
    },
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html
    delete: async ({ id, inputs }) => {
      const zone = zones.byId(id);
      if (!zone) return;
      if (inputs.forceDestroy === true) zone.clear();
      const rest = zone.recordSets().filter((set) => !zone.isRequired(set));
      if (rest.length > 0)
        throw new Error(
          `HostedZoneNotEmpty: The hosted zone ${zone.name} (${id}) contains ${rest.length} records besides its NS and SOA, such as ${rest[0].name} ${rest[0].type}. Delete them first, or set forceDestroy.`,
        );
      zones.delete(id);
    },
  };
}

/** ARN of a hosted zone. */
export function zoneArn(zoneId: string): string {
  return arnOf("route53", "", `hostedzone/${zoneId}`);
}

function checkZone({ name, tags }: DeclaredResource["inputs"]): void {
  if (!name) throw new Error("Zone: give its name, such as tickets.test.");
  checkTags(`Zone ${name}`, tags);
}

function outputsOf({ zoneId, name, nameServers }: HostedZone): Record<string, unknown> {
  return { zoneId, arn: zoneArn(zoneId), nameServers, primaryNameServer: nameServers[0], name };
}
