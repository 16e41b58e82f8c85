import { eventHandler, ApiHandler, ApiRequest, ApiResponse } from "./api";
import { documentedOperations } from "../openapi/document";
import { problem } from "./problem";

/** Path of the OpenAPI document and its methods. */
interface DocumentedPath {
  /** Such as `/tickets/{id}`. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** Parts of a request that the response depends on. */
type UnknownRequest = Pick<ApiRequest, "method" | "path" | "headers">;

const PATHS = documentedPaths();

function documentedPaths(): DocumentedPath[] {
  const operations = documentedOperations();
  return [...new Set(operations.map(({ path }) => path))].map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
    methods: operations.filter((operation) => operation.path === path).map(({ method }) => method),
  }));
}

/**
 * Responds to every request without a route: 204 to OPTIONS, 405 if only the method is wrong, otherwise 404.
 *
 * A preflight request gets 204 for every path, so that a browser lets its application read the response to the next request, even a
 * 404. API Gateway adds the CORS headers of the API and replaces those of a function:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export async function respondToUnknownRoute({ method, path, headers }: UnknownRequest): Promise<ApiResponse> {
  const documented = PATHS.find(({ pattern }) => pattern.test(path));
  const allow = documented && [...documented.methods, "OPTIONS"].join(", ");
  if (method === "OPTIONS" && (allow || isPreflight(headers)))
    return { status: 204, ...(allow && { headers: { allow } }) };
  // A path such as `/tickets%2F1` looks like a route only after decoding. Its method is not the error, so it gets a 404.
  if (documented && allow && !documented.methods.includes(method))
    throw problem(405, "Method not allowed", `${path} does not support ${method}. It supports ${allow}.`, {
      headers: { allow },
    });
  const paths = PATHS.map((known) => known.path).join(", ");
  throw problem(404, "Route not found", `There is no route ${path}. The routes are ${paths}.`);
}

/** Whether an OPTIONS request is a CORS preflight request: https://fetch.spec.whatwg.org/#cors-preflight-request */
function isPreflight(headers: UnknownRequest["headers"]): boolean {
  return Boolean(headers.origin && headers["access-control-request-method"]);
}

/** Callback factory of the routes `$default` and `OPTIONS /{proxy+}`. */
export function unknownRoute(): ApiHandler {
  return eventHandler(({ requestContext, headers }) =>
    respondToUnknownRoute({ ...requestContext.http, headers }),
  );
}
