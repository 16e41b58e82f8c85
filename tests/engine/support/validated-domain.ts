import { validationOf } from "../../../local/aws/acm/certificates";
import { createResource } from "../../local/support/create-resource";
import type { EngineCloud } from "./engine-cloud";

/** Adds the record to a zone by which another certificate of the account for the domain is validated, with a TTL of its own. */
export async function validateElsewhere(cloud: EngineCloud, zoneId: string, domain: string): Promise<void> {
  const { resourceRecordName: name, resourceRecordValue } = validationOf(domain);
  const inputs = { zoneId, name, type: "CNAME", ttl: 60, records: [resourceRecordValue] };
  const { route53 } = cloud.host.services;
  await createResource(route53, "aws:route53/record:Record", { ...inputs, allowOverwrite: true });
}
