import { EDGE_ADDRESS } from "../aws/cloudfront/model";
import type { Regions } from "../aws/regions";
import type { LocalRoute53 } from "../aws/route53/route53";
import type { ConsoleName } from "./state";

/** What DNS answers now for a name, and whose address that is. */
export function dnsAnswer(
  name: string,
  route53: Pick<LocalRoute53, "resolve">,
  regions: Regions,
): ConsoleName {
  const address = route53.resolve(name, "A").find(({ type }) => type === "A")?.data;
  return {
    name,
    answer: address ?? "no answer",
    region: regions.all().find((region) => region.address === address)?.name,
    isEdge: address === EDGE_ADDRESS,
  };
}

/** The names of the hosted zones that have an address, by the alphabet: the program makes them in no certain order. */
export function addressNames(route53: Pick<LocalRoute53, "zones">): string[] {
  const records = route53.zones().flatMap((zone) => zone.records);
  const names = records.filter(({ type }) => type === "A").map(({ name }) => name.replace(/\.$/, ""));
  return [...new Set(names)].sort();
}
