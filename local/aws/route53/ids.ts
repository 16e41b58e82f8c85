import { digestOf } from "../seeded-ids";

const TOP_LEVEL_DOMAINS = ["com", "net", "org", "co.uk"];
const NAME_SERVERS_PER_DOMAIN = 512;

/** Returns a hosted zone id in Route 53's form (`Z` and 20 letters or digits), the same for the same seed. */
export function zoneIdOf(seed: string): string {
  const number = BigInt(`0x${digestOf(seed)}`);
  return `Z${number.toString(36).toUpperCase().slice(0, 20)}`;
}

/** Returns the four name servers of a zone, one in each of the top-level domains that Route 53 uses. */
export function nameServersOf(zoneId: string): string[] {
  const bytes = Buffer.from(digestOf(zoneId), "hex");
  return TOP_LEVEL_DOMAINS.map((domain, index) => {
    const server =
      index * NAME_SERVERS_PER_DOMAIN + (bytes.readUInt16BE(index * 2) % NAME_SERVERS_PER_DOMAIN);
    const group = String(bytes[8 + index] % 64).padStart(2, "0");
    return `ns-${server}.awsdns-${group}.${domain}`;
  });
}
