import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { documentDynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { log } from "../shared/log";
import { problem } from "../http/problem";
import { isUnreadable } from "../shared/stored-item";
import { RoutingTable, routingTable } from "./routing-table";

/** What the operation works with. */
export interface RoutingContext {
  readonly table: Pick<RoutingTable, "read">;
  /** AWS code. */
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An answer is given again for this long, in milliseconds, so that many checkers cost few reads. */
const CACHE_MS = 1000;
/** Route 53 gives an endpoint two seconds. */
const CALLS = { connectionTimeout: 1000, requestTimeout: 1000, maxAttempts: 1 };

/**
 * `GET /routing`: whether this region has taken over. The body begins with what the Route 53 health check searches for,
 * `{"takeover":true,"region":"<code>"`. It tells neither who took over nor why: everybody may read it.
 */
export function routingOperation(context: RoutingContext): Operation {
  let cached: { until: number; response: Promise<ApiResponse> } | undefined;
  return () => {
    const now = context.now();
    if (!cached || cached.until <= now) cached = { until: now + CACHE_MS, response: answer(context) };
    return cached.response;
  };
}

async function answer({ table, region }: RoutingContext): Promise<ApiResponse> {
  try {
    const item = await table.read();
    return { status: 200, body: { takeover: item?.takeover === true, region, at: item?.at ?? null } };
  } catch (error) {
    const { name, message } = error as Error;
    log({ level: "ERROR", message: "The routing item could not be read.", name, reason: message });
    // An item that is not believed is no takeover: Route 53 finds neither text, and clients stay where health alone leads them.
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

/** The callback factory of `GET /routing`. */
export function describeRouting(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  const table = routingTable(documentDynamoDB(region, CALLS), environmentVariable("TABLE_NAME"), region);
  return apiHandler("describeRouting", routingOperation({ table, region, now: () => Date.now() }));
}
