import { EDGE_ADDRESS } from "../aws/cloudfront/model";
import type { Regions } from "../aws/regions";
import type { HealthCheckStatus } from "../aws/route53/health-checks";
import type { LocalRoute53 } from "../aws/route53/route53";
import type { CheckMeaning, ConsoleName } from "./state";

/** Path at which a region reports a takeover. The program checks it with an inverted health check. */
const TAKEOVER_PATH = "/routing";

/** Returns what the result of one of the program's health checks means. */
export function meaningOf(
  check: Pick<HealthCheckStatus, "target" | "kind" | "inverted" | "healthy"> & {
    /** Undefined before the first result. */
    readonly lastResult?: string;
  },
): CheckMeaning {
  const { target, kind, inverted, healthy } = check;
  if (inverted && target.endsWith(TAKEOVER_PATH)) return { about: "takeover", means: takeoverText(check) };
  if (kind === "calculated")
    return { about: "role", means: healthy ? "fit as primary" : "not fit as primary" };
  return { about: "health", means: healthy ? "healthy" : "unhealthy" };
}

/** Without a response Route 53 assumes that there is no takeover; the text does not claim that this is known. */
function takeoverText({ healthy, lastResult = "" }: Parameters<typeof meaningOf>[0]): string {
  const responded = /^2\d\d\b/.test(lastResult);
  if (!healthy) return responded ? "taken over" : "not known yet, counts as taken over";
  return responded ? "not taken over" : "not known, counts as not taken over";
}

/** Returns the current DNS answer for a name, and the region that the address belongs to. */
export function dnsAnswer(
  name: string,
  route53: Pick<LocalRoute53, "resolve">,
  regions: Regions,
): ConsoleName {
  const answers = route53.resolve(name, "A").filter(({ type }) => type === "A");
  const addresses = answers.map(({ data }) => data);
  return {
    name,
    answer: addresses.join(", ") || "no answer",
    region: regions.all().find(({ address }) => addresses.includes(address))?.name,
    isEdge: addresses.includes(EDGE_ADDRESS),
  };
}

/** Returns the names of the hosted zones that have an A record, sorted, because the program creates them in no fixed order. */
export function addressNames(route53: Pick<LocalRoute53, "zones">): string[] {
  const records = route53.zones().flatMap((zone) => zone.records);
  const names = records.filter(({ type }) => type === "A").map(({ name }) => name.replace(/\.$/, ""));
  return [...new Set(names)].sort();
}
