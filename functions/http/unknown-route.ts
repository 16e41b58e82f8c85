import { eventHandler, ApiHandler, ApiRequest, ApiResponse } from "./api";
import { documentedOperations } from "../openapi/document";
import { problem } from "./problem";

/** A path of the document and what may be done there. */
interface DocumentedPath {
  /** Such as `/tickets/{id}`. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** What the answer depends on. */
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
 * Answers every request that no other route takes: 204 for OPTIONS, 405 when only the method is wrong, else 404.
 *
 * A preflight request gets 204 for every path, so that a page can read the answer to the request that follows, a 404 too.
 * API Gateway adds the CORS headers of the API's configuration, and replaces any that a function sets:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export async function respondToUnknownRoute({ method, path, headers }: UnknownRequest): Promise<ApiResponse> {
  const documented = PATHS.find(({ pattern }) => pattern.test(path));
  const allow = documented && [...documented.methods, "OPTIONS"].join(", ");
  if (method === "OPTIONS" && (allow || isPreflight(headers)))
    return { status: 204, ...(allow && { headers: { allow } }) };
  // A path such as `/tickets%2F1` only looks like a route's once it is decoded; its method is not what is wrong.
  if (documented && allow && !documented.methods.includes(method))
    throw problem(405, "Method not allowed", `${path} does not support ${method}. It supports ${allow}.`, {
      headers: { allow },
    });
  const paths = PATHS.map((known) => known.path).join(", ");
  throw problem(404, "Route not found", `There is no route ${path}. The routes are ${paths}.`);
}

/** Whether an OPTIONS request asks on behalf of a page of another origin: https://fetch.spec.whatwg.org/#cors-preflight-request */
function isPreflight(headers: UnknownRequest["headers"]): boolean {
  return Boolean(headers.origin && headers["access-control-request-method"]);
}

/** The callback factory of the routes `$default` and `OPTIONS /{proxy+}`. */
export function unknownRoute(): ApiHandler {
  return eventHandler(({ requestContext, headers }) =>
    respondToUnknownRoute({ ...requestContext.http, headers }),
  );
}
