import { type ProbeResult, PROBE_MS, probeResult } from "../../functions/sentinel/health-probe";
import type { DeployedRegion, Naming } from "../cli/deployed-regions";
import { callApi } from "../cli/http-request";
import { type Lookup, lookupFor } from "./dns";

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
