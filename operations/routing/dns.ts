import { promises } from "node:dns";
import type { Naming, DeployedRegion } from "../cli/deployed-regions";
import { type ProbeResult, PROBE_MS, probeResult } from "../../functions/sentinel/health-probe";
import { callApi } from "../cli/http-request";

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

/**
 * Asks a region for its health by its name in the domain, `ireland.<domain>`, as Route 53 does: a region that is well under
 * AWS's own name only is one that Route 53 stays away from.
 */
export function regionalNameProbe(
  { local, dnsServer }: Pick<Naming, "local" | "dnsServer">,
  domain: string,
  { name, code }: Pick<DeployedRegion, "name" | "code">,
  lookup: Pick<Lookup, "addresses"> = lookupFor({ dnsServer }),
): () => Promise<ProbeResult> {
  const hostName = `${name}.${domain}`;
  const url = `${local?.urls[hostName] ?? `https://${hostName}`}/health`;
  return async () => {
    const of = (reason: string): string => `${hostName}: ${reason}`;
    const [address] = await lookup.addresses(hostName);
    if (address === undefined) return { ok: false, reason: of("DNS returned no address") };
    try {
      const call = { method: "GET", url, address, ca: local?.ca, limitMs: PROBE_MS } as const;
      const { status, body } = await callApi(call);
      const probe = probeResult(status, body, code);
      return probe.reason === undefined ? probe : { ...probe, reason: of(probe.reason) };
    } catch (error) {
      return { ok: false, reason: of((error as Error).message) };
    }
  };
}
