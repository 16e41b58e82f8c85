import type { CorsConfiguration } from "./model";

type Headers = Readonly<Record<string, string>>;

/** Whether a request is a CORS preflight request. */
export function isPreflight(method: string, headers: Readonly<Record<string, string | undefined>>): boolean {
  return method === "OPTIONS" && Boolean(headers.origin) && Boolean(headers["access-control-request-method"]);
}

/**
 * Adds the API's CORS headers to the response to a preflight request, from an integration or from the API itself. Adds none
 * when the origin is not allowed. CORS headers of the integration are removed, as in `withCorsHeaders`.
 * See "Configure CORS for HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function withPreflightHeaders(
  cors: CorsConfiguration,
  origin: string | undefined,
  headers: Headers,
): Headers {
  const allowed = originHeaders(cors, origin);
  return {
    ...withoutCorsHeaders(headers),
    ...(allowed && {
      ...allowed,
      ...list("access-control-allow-methods", cors.allowMethods),
      ...list("access-control-allow-headers", cors.allowHeaders),
      ...(cors.maxAge !== undefined && { "access-control-max-age": String(cors.maxAge) }),
    }),
  };
}

/**
 * Adds the API's CORS headers to a response. CORS headers of the integration are removed, as on AWS:
 * "API Gateway ignores CORS headers returned from your backend integration" (same page).
 */
export function withCorsHeaders(
  cors: CorsConfiguration,
  origin: string | undefined,
  headers: Headers,
): Headers {
  const allowed = originHeaders(cors, origin);
  return {
    ...withoutCorsHeaders(headers),
    ...(allowed && { ...allowed, ...list("access-control-expose-headers", cors.exposeHeaders) }),
  };
}

function withoutCorsHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("access-control-")));
}

function originHeaders(cors: CorsConfiguration, origin: string | undefined): Headers | undefined {
  if (!origin || !cors.allowOrigins.some((allowed) => matches(allowed, origin))) return undefined;
  return {
    "access-control-allow-origin": cors.allowOrigins.includes("*") ? "*" : origin,
    ...(cors.allowCredentials ? { "access-control-allow-credentials": "true" } : {}),
  };
}

/** Compares an origin with an allowed one: `*` matches every origin, `https://*` every origin of that scheme. */
function matches(allowed: string, origin: string): boolean {
  if (allowed === "*") return true;
  if (allowed.endsWith("://*")) return origin.toLowerCase().startsWith(allowed.slice(0, -1).toLowerCase());
  return allowed.toLowerCase() === origin.toLowerCase();
}

function list(name: string, values: readonly string[]): Headers {
  return values.length > 0 ? { [name]: values.join(",") } : {};
}
