import type { CorsConfiguration } from "./model";

type Headers = Readonly<Record<string, string>>;

/** Whether a request asks for permission before the real one, which the API itself answers. */
export function isPreflight(method: string, headers: Readonly<Record<string, string | undefined>>): boolean {
  return method === "OPTIONS" && Boolean(headers.origin) && Boolean(headers["access-control-request-method"]);
}

/**
 * The headers of the answer to a preflight request; none when the origin is not allowed.
 * See "Configure CORS for HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflightHeaders(cors: CorsConfiguration, origin: string | undefined): Headers {
  const allowed = originHeaders(cors, origin);
  if (!allowed) return {};
  return {
    ...allowed,
    ...list("access-control-allow-methods", cors.allowMethods),
    ...list("access-control-allow-headers", cors.allowHeaders),
    ...(cors.maxAge === undefined ? {} : { "access-control-max-age": String(cors.maxAge) }),
  };
}

/**
 * Lays the API's CORS headers over those of an answer. What the integration says of CORS is dropped, as on AWS:
 * "API Gateway ignores CORS headers returned from your backend integration".
 */
export function withCorsHeaders(
  cors: CorsConfiguration,
  origin: string | undefined,
  headers: Headers,
): Headers {
  const own = Object.entries(headers).filter(([name]) => !name.startsWith("access-control-"));
  const allowed = originHeaders(cors, origin);
  return {
    ...Object.fromEntries(own),
    ...(allowed && { ...allowed, ...list("access-control-expose-headers", cors.exposeHeaders) }),
  };
}

function originHeaders(cors: CorsConfiguration, origin: string | undefined): Headers | undefined {
  if (!origin || !cors.allowOrigins.some((allowed) => matches(allowed, origin))) return undefined;
  return {
    "access-control-allow-origin": cors.allowOrigins.includes("*") ? "*" : origin,
    ...(cors.allowCredentials ? { "access-control-allow-credentials": "true" } : {}),
  };
}

/** `*` allows every origin and `https://*` every origin of that scheme; anything else is an origin in full. */
function matches(allowed: string, origin: string): boolean {
  if (allowed === "*") return true;
  if (allowed.endsWith("://*")) return origin.toLowerCase().startsWith(allowed.slice(0, -1).toLowerCase());
  return allowed.toLowerCase() === origin.toLowerCase();
}

function list(name: string, values: readonly string[]): Headers {
  return values.length > 0 ? { [name]: values.join(",") } : {};
}
