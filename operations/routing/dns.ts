import { promises } from "node:dns";
import { type ProbeResult, PROBE_MS, probeResult } from "../../functions/sentinel/health-probe";
import type { Naming, DeployedRegion } from "../cli/deployed-regions";
import { callApi } from "../cli/http-request";

/** DNS queries. They return undefined or an empty list when there is no record or no resolver responds. */
export interface Lookup {
  /** Value of the TXT record of a name. */
  text(name: string): Promise<string | undefined>;
  /** IPv4 addresses of a name, sorted. */
  addresses(name: string): Promise<readonly string[]>;
}

/** Limits for resolvers that do not respond. */
const LIMITS = { timeout: 2000, tries: 2 };

/** Queries the DNS server of the local cloud, or the resolvers of the system. */
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
 * Returns a probe of a region's health through its name in the domain, `ireland.<domain>`, as in Route 53's health checks. A
 * region that is healthy under its AWS host name only gets no traffic from Route 53.
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
    const named = (reason: string): string => `${hostName}: ${reason}`;
    const addresses = await lookup.addresses(hostName);
    if (addresses.length === 0) return { ok: false, reason: named("DNS returned no address") };
    try {
      const call = { method: "GET", url, addresses, ca: local?.ca, limitMs: PROBE_MS } as const;
      const { status, body } = await callApi(call);
      const probe = probeResult(status, body, code);
      return probe.reason === undefined ? probe : { ...probe, reason: named(probe.reason) };
    } catch (error) {
      return { ok: false, reason: named((error as Error).message) };
    }
  };
}
