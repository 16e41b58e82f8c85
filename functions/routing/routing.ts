import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { documentDynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { log } from "../shared/log";
import { problem } from "../http/problem";
import { isUnreadable } from "../shared/stored-item";
import { RoutingTable, routingTable } from "./routing-table";

/** Dependencies of the operation. */
export interface RoutingContext {
  readonly table: Pick<RoutingTable, "read">;
  /** AWS code. */
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Cache time of a response, in milliseconds, so that many health checkers cause few reads. */
const CACHE_MS = 1000;
/** Route 53 waits two seconds for a response. */
const CALLS = { connectionTimeout: 1000, requestTimeout: 1000, maxAttempts: 1 };

/**
 * Operation `GET /routing`. Returns whether this region has taken over. The body starts with the search string of the Route 53
 * health check, `{"takeover":true,"region":"<code>"`. It is public, so it does not contain who took over or why.
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

async function routingResponse({ table, region }: RoutingContext): Promise<ApiResponse> {
  try {
    const item = await table.read();
    return { status: 200, body: { takeover: item?.takeover === true, region, at: item?.at ?? null } };
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
  return apiHandler("describeRouting", routingOperation({ table, region, now: () => Date.now() }));
}
