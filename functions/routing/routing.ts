import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { documentDynamoDB } from "../shared/aws";
import { lookUpPrimary } from "../sentinel/role-lookup";
import { environmentVariable } from "../shared/environment";
import { log } from "../shared/log";
import { problem } from "../http/problem";
import { isUnreadable } from "../shared/stored-item";
import { cachedPrimary } from "./primary-role";
import { RoutingTable, routingTable } from "./routing-table";

/** Dependencies of the operation. */
export interface RoutingContext {
  readonly table: Pick<RoutingTable, "read">;
  /** AWS code. */
  readonly region: string;
  /** Returns the alias of the primary; undefined without a domain, and while it is not known. Never rejects. */
  readonly primary: () => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Cache time of a response, in milliseconds, so that many health checkers cause few reads. */
const CACHE_MS = 1000;
/** Route 53 waits two seconds for a response. */
const CALLS = { connectionTimeout: 1000, requestTimeout: 1000, maxAttempts: 1 };

/** Time limit of the look-up of the primary, in milliseconds. It must not delay a response beyond what Route 53 waits for. */
const LOOKUP_MS = 500;

/**
 * Operation `GET /routing`. Returns whether this region has taken over, and which one is the primary. The body starts with the search
 * string of the Route 53 health check, `{"takeover":true,"region":"<code>"`. It is public, so it does not contain who took over or why.
 */
export function routingOperation(context: RoutingContext): Operation {
  let cached: { until: number; response: Promise<ApiResponse> } | undefined;
  return () => {
    const now = context.now();
    if (!cached || cached.until <= now)
      cached = { until: now + CACHE_MS, response: routingResponse(context) };
    return cached.response;
  };
}

async function routingResponse({ table, region, primary }: RoutingContext): Promise<ApiResponse> {
  const role = primary();
  try {
    const item = await table.read();
    const state = { takeover: item?.takeover === true, region, at: item?.at ?? null };
    return { status: 200, body: { ...state, primary: await role } };
  } catch (error) {
    const { name, message } = error as Error;
    log({ level: "ERROR", message: "The routing item could not be read.", name, reason: message });
    // A malformed item is no takeover. Route 53 finds neither search string, and health alone decides where clients are routed.
    throw problem(
      503,
      "Takeover state unavailable",
      isUnreadable(error)
        ? "The routing item in the region's table is malformed. An operator must replace it."
        : "The region's table did not respond. Retry.",
      { headers: { "retry-after": "1" } },
    );
  }
}

/** Callback factory of `GET /routing`. */
export function describeRouting(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  const table = routingTable(documentDynamoDB(region, CALLS), environmentVariable("TABLE_NAME"), region);
  const now = (): number => Date.now();
  const domain = process.env.DOMAIN_NAME;
  const primary = cachedPrimary(
    async () => (domain === undefined ? undefined : lookUpPrimary(domain, LOOKUP_MS)),
    now,
  );
  return apiHandler("describeRouting", routingOperation({ table, region, primary, now }));
}
