import { promises } from "node:dns";
import type { Naming } from "../cli/deployed-regions";

/** Looks names up for an operator; undefined, or an empty list, where no resolver answers or there is no such record. */
export interface Lookup {
  /** The one text under a name. */
  text(name: string): Promise<string | undefined>;
  /** The IPv4 addresses under a name, in a stable order. */
  addresses(name: string): Promise<readonly string[]>;
}

/** A resolver that is silent must not hold a command up. */
const LIMITS = { timeout: 2000, tries: 2 };

/** Looks names up with the local cloud's DNS server, or the machine's own resolvers. */
export function lookupFor({ dnsServer }: Pick<Naming, "dnsServer">): Lookup {
  const resolver = new promises.Resolver(LIMITS);
  if (dnsServer !== undefined) resolver.setServers([dnsServer]);
  return {
    async text(name) {
      const [strings] = await resolver.resolveTxt(name).catch(() => []);
      return strings?.join("");
    },
    async addresses(name) {
      return (await resolver.resolve4(name).catch(() => [])).sort();
    },
  };
}
