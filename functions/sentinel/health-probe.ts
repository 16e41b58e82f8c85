/** Result of a health probe of a region's API. */
export interface ProbeResult {
  readonly ok: boolean;
  /** Reason of the failure; absent if the region is healthy. */
  readonly reason?: string;
  /** Whether the probe was throttled. A flood of requests from outside can cause that; it is no evidence about the region. */
  readonly throttled?: true;
  /** Time of the check by the region's clock, ISO 8601; absent if the response has none. */
  readonly checkedAt?: string;
}

/**
 * Timeout of a probe, in milliseconds, for all its attempts: a repeated one must not delay a takeover. A cold start of the health check
 * fits: between distant regions, the three round trips of a new connection and its request take half a second, which leaves 1.4 s for the
 * start and the check. A start that takes longer fails one probe, and the next finds a running function. Route 53 waits longer: four seconds for the connection, two for the status and two for the
 * body. Here a region that is seconds late must count as failing.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export const PROBE_MS = 2000;
const TOO_MANY_REQUESTS = 429;

/** Maximum number of attempts of a probe. */
const ATTEMPTS = 2;
/** Error codes of a connection that broke: those of the system, and that of Node.js's `fetch`. */
const DISCONNECTED = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];

/**
 * Probes the health of a region's API. The region is healthy if it returns 200 within two seconds with `ok: true` and its own code. A
 * connection that breaks is no evidence about the region and is replaced once.
 * @param url of the API, without a trailing slash.
 * @param region AWS code that the response must contain.
 */
export async function probeHealth(url: string, region: string): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(PROBE_MS);
  for (let attempt = 1; ; attempt++)
    try {
      // Each attempt has a connection of its own, as the clients that follow a takeover: a kept one could be dead, or work alone.
      const response = await fetch(`${url}/health`, { signal, headers: { connection: "close" } });
      const text = await response.text();
      return probeResult(response.status, parsed(text, response.status), region);
    } catch (error) {
      const code = codeOf(error as Error);
      if (attempt === ATTEMPTS || code === undefined || !DISCONNECTED.includes(code))
        return { ok: false, reason: failureText(error as Error) };
    }
}

/** Parses a body. A gateway may return an error with any text. @throws SyntaxError if a response with status 200 is not JSON. */
function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (status === 200) throw error;
    return undefined;
  }
}

/**
 * Returns the result of a response of `/health`.
 * @param body parsed body; undefined if it was not JSON.
 */
export function probeResult(status: number, body: unknown, region: string): ProbeResult {
  if (status === TOO_MANY_REQUESTS)
    return { ok: false, throttled: true, reason: "it returned 429, too many requests" };
  if (status !== 200) return { ok: false, reason: `it returned ${status}${failedChecks(body)}` };
  return resultOf(body ?? {}, region);
}

/** Maximum length of a reason, in characters. */
const MAXIMUM_REASON = 200;

/** Returns the failed checks that an unhealthy region reports. */
function failedChecks(body: unknown): string {
  const { checks } = (body ?? {}) as {
    checks?: Readonly<Record<string, { ok?: unknown; reason?: unknown }>>;
  };
  if (typeof checks !== "object" || checks === null) return "";
  const failed = Object.entries(checks).filter(([, check]) => check?.ok === false);
  const reasons = failed.map(([name, { reason }]) => `${name}: ${String(reason)}`).join(", ");
  return reasons === "" ? "" : ` (${reasons.slice(0, MAXIMUM_REASON)})`;
}

function resultOf(
  body: { ok?: unknown; region?: unknown; checkedAt?: unknown },
  region: string,
): ProbeResult {
  if (body.region !== region)
    return { ok: false, reason: `${String(body.region).slice(0, MAXIMUM_REASON)} responded in its place` };
  if (body.ok !== true) return { ok: false, reason: "it reported that it is unhealthy" };
  const { checkedAt } = body;
  const isTime = typeof checkedAt === "string" && Number.isFinite(Date.parse(checkedAt));
  return { ok: true, ...(isTime && { checkedAt }) };
}

function failureText(error: Error): string {
  const { name, message, cause } = error;
  if (name === "TimeoutError") return `no response within ${PROBE_MS} ms`;
  if (name === "SyntaxError") return "its response was not JSON";
  return codeOf(error) ?? (cause as Error | undefined)?.message ?? message;
}

/** Returns the code of the error that made `fetch` fail. */
function codeOf({ cause }: Error): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}
