/** Parsed route key. */
export interface RoutePattern {
  /** Route key as the program declares it, such as `GET /tickets/{id}` or `$default`. */
  readonly key: string;
  /** Undefined for `ANY` and `$default`. */
  readonly method: string | undefined;
  /** Undefined for `$default`. */
  readonly segments: readonly Segment[] | undefined;
}

type Segment =
  | { readonly kind: "static"; readonly value: string }
  | { readonly kind: "variable" | "greedy"; readonly name: string };

/** Route that matches a request. */
export interface RouteMatch<R> {
  readonly route: R;
  /** Percent-decoded values by name of the path variable; undefined when the route has none. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

const METHODS = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/**
 * Parses a route key.
 * @throws Error that says what is wrong with the key.
 */
export function parseRouteKey(key: string): RoutePattern {
  if (key === "$default") return { key, method: undefined, segments: undefined };
  const [, method, path] = /^(\S+) (\/\S*)$/.exec(key) ?? [];
  if (!method || !METHODS.includes(method))
    throw new Error(
      `the route key ${JSON.stringify(key)} is neither "$default" nor "METHOD /path" with METHOD one of ${METHODS.join(", ")}`,
    );
  const segments = splitPath(path).map(parseSegment);
  if (segments.slice(0, -1).some(({ kind }) => kind === "greedy"))
    throw new Error(`the greedy variable of the route key ${JSON.stringify(key)} is not at its end`);
  return { key, method: method === "ANY" ? undefined : method, segments };
}

/**
 * Finds the route of a request. A full match has precedence over a match with a greedy variable, and that over `$default`. Of two
 * matches, the one with more static segments from the left wins, then the one with a method.
 * See "Create routes for HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @param path percent-encoded, as received, without the query.
 */
export function matchRoute<R extends { readonly pattern: RoutePattern }>(
  routes: readonly R[],
  method: string,
  path: string,
): RouteMatch<R> | undefined {
  const parts = splitPath(path).map(decodeURIComponent);
  const fitting = routes.filter(({ pattern }) => fits(pattern, method, parts));
  const [route] = fitting.sort((one, other) => compare(rank(one.pattern), rank(other.pattern)));
  return route && { route, pathParameters: parametersOf(route.pattern, parts) };
}

function splitPath(path: string): string[] {
  return path === "/" ? [] : path.slice(1).split("/");
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name) return { kind: plus ? "greedy" : "variable", name };
  return { kind: "static", value: text };
}

function fits({ method: wanted, segments }: RoutePattern, method: string, parts: readonly string[]): boolean {
  if (wanted && wanted !== method) return false;
  if (!segments) return true;
  const greedy = segments.at(-1)?.kind === "greedy";
  if (greedy ? parts.length < segments.length : parts.length !== segments.length) return false;
  return segments.every((segment, index) =>
    segment.kind === "static" ? segment.value === parts[index] : parts[index] !== "",
  );
}

/** Returns a sort key in the order of precedence: full matches, greedy ones, `$default`; then by segment, then by method. */
function rank({ method, segments }: RoutePattern): string {
  if (!segments) return "2";
  const kinds = segments.map(({ kind }) => ({ static: "0", variable: "1", greedy: "2" })[kind]).join("");
  return `${kinds.endsWith("2") ? "1" : "0"}${kinds}|${method ? "0" : "1"}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function parametersOf(pattern: RoutePattern, parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  (pattern.segments ?? []).forEach((segment, index) => {
    if (segment.kind === "variable") parameters[segment.name] = parts[index];
    if (segment.kind === "greedy") parameters[segment.name] = parts.slice(index).join("/");
  });
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}
