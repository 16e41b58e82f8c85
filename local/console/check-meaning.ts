import type { HealthCheckStatus } from "../aws/route53/health-checks";

/** What a health check's verdict says to people: an inverted one's `healthy` does not say it. */
export interface CheckMeaning {
  /** What the check is about: an endpoint's health, whether a region has taken over, or whether it may be the primary. */
  readonly about: "health" | "takeover" | "role";
  /** The verdict in words, such as `taken over`. */
  readonly means: string;
}

/** Where a region says whether it has taken over: the program asks there with an inverted check. */
const TAKEOVER_PATH = "/routing";

/** What the verdict of one of the program's health checks means. */
export function meaningOf(
  check: Pick<HealthCheckStatus, "target" | "kind" | "inverted" | "healthy"> & {
    /** Undefined before the first result. */
    readonly lastResult?: string;
  },
): CheckMeaning {
  const { target, kind, inverted, healthy } = check;
  if (inverted && target.endsWith(TAKEOVER_PATH)) return { about: "takeover", means: takeoverWords(check) };
  if (kind === "calculated")
    return { about: "role", means: healthy ? "fit as primary" : "not fit as primary" };
  return { about: "health", means: healthy ? "healthy" : "unhealthy" };
}

/** Silence counts as "not taken over", but nobody has said so. */
function takeoverWords({ healthy, lastResult = "" }: Parameters<typeof meaningOf>[0]): string {
  const answered = /^2\d\d\b/.test(lastResult);
  if (!healthy) return answered ? "taken over" : "not known yet, counts as taken over";
  return answered ? "not taken over" : "not known, counts as not taken over";
}
