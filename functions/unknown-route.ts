import { answering, ApiHandler, ApiRequest, ApiResponse } from "./api";
import { documentedOperations } from "./openapi/document";
import { problem } from "./problem";

/** A path of the document and what may be done there. */
interface DocumentedPath {
  /** Such as `/tickets/{id}`. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

const PATHS = documentedPaths();

function documentedPaths(): DocumentedPath[] {
  const operations = documentedOperations();
  return [...new Set(operations.map(({ path }) => path))].map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
    methods: operations.filter((operation) => operation.path === path).map(({ method }) => method),
  }));
}

/** Every request that no route takes: 405 when only the method is wrong, else 404. */
export async function refuseUnknownRoute({
  method,
  path,
}: Pick<ApiRequest, "method" | "path">): Promise<ApiResponse> {
  const documented = PATHS.find(({ pattern }) => pattern.test(path));
  // A path such as `/tickets%2F1` only looks like a route's once it is decoded; its method is not what is wrong.
  if (documented && !documented.methods.includes(method)) {
    const allow = documented.methods.join(", ");
    throw problem(
      405,
      "The method is not allowed",
      `${method} is not allowed on ${path}; allowed are ${allow}.`,
      { headers: { allow } },
    );
  }
  const paths = PATHS.map((known) => known.path).join(", ");
  throw problem(404, "There is no such route", `Nothing is served at ${path}. The routes are ${paths}.`);
}

/** The callback factory of the `$default` route. */
export function unknownRoute(): ApiHandler {
  return answering(({ requestContext }) => refuseUnknownRoute(requestContext.http));
}
