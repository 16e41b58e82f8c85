/** What a region's API says of its health. */
export interface ProbeResult {
  readonly ok: boolean;
  /** Why not; absent when it is well. */
  readonly reason?: string;
  /** Whether it was refused for being one request too many, which a flood from outside can cause and says nothing of the region. */
  readonly throttled?: true;
  /** The region's own time of the check, ISO 8601; absent when it did not tell. */
  readonly checkedAt?: string;
}

/**
 * How long a whole probe may take, in milliseconds. Route 53 is more patient: four seconds for the connection, two for the
 * status, two more for the body. A region that is seconds late must count as one that fails, though.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export const PROBE_MS = 2000;
const TOO_MANY_REQUESTS = 429;

/**
 * Asks a region's API for its health; it is well when it answers 200 within two seconds and says so in its own name.
 * @param url of the API, without a slash at the end.
 * @param region AWS code that must answer.
 */
export async function probeHealth(url: string, region: string): Promise<ProbeResult> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PROBE_MS) });
    const text = await response.text();
    return probeResult(response.status, parsed(text, response.status), region);
  } catch (error) {
    return { ok: false, reason: failureText(error as Error) };
  }
}

/** A gateway answers an error with any text. @throws SyntaxError when a good answer is no JSON. */
function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (status === 200) throw error;
    return undefined;
  }
}

/** What an answer of `/health` says of a region. @param body as parsed; undefined when it was no JSON. */
export function probeResult(status: number, body: unknown, region: string): ProbeResult {
  if (status === TOO_MANY_REQUESTS)
    return { ok: false, throttled: true, reason: "it answered 429, too many requests" };
  if (status !== 200) return { ok: false, reason: `it answered ${status}${failedChecks(body)}` };
  return judged(body ?? {}, region);
}

/** A longer reason is cut. */
const MAXIMUM_REASON = 200;

/** What a region that is not well says of its checks. */
function failedChecks(body: unknown): string {
  const { checks } = (body ?? {}) as {
    checks?: Readonly<Record<string, { ok?: unknown; reason?: unknown }>>;
  };
  if (typeof checks !== "object" || checks === null) return "";
  const failed = Object.entries(checks).filter(([, check]) => check?.ok === false);
  const reasons = failed.map(([name, { reason }]) => `${name}: ${String(reason)}`).join(", ");
  return reasons === "" ? "" : ` (${reasons.slice(0, MAXIMUM_REASON)})`;
}

function judged(body: { ok?: unknown; region?: unknown; checkedAt?: unknown }, region: string): ProbeResult {
  if (body.region !== region)
    return { ok: false, reason: `${String(body.region).slice(0, MAXIMUM_REASON)} answered in its place` };
  if (body.ok !== true) return { ok: false, reason: "it said that it is not well" };
  const { checkedAt } = body;
  const isTime = typeof checkedAt === "string" && Number.isFinite(Date.parse(checkedAt));
  return { ok: true, ...(isTime && { checkedAt }) };
}

function failureText({ name, message, cause }: Error): string {
  if (name === "TimeoutError") return `no answer within ${PROBE_MS} ms`;
  if (name === "SyntaxError") return "its answer was no JSON";
  const { code, message: why } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? why ?? message;
}
