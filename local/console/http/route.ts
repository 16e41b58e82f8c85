/** Request to a route. */
interface RouteRequest {
  /** Values of the placeholders of the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** Resource of the console's HTTP interface. Its handlers return values that are sent as JSON, or throw a {@link RouteError}. */
export interface Route {
  /** Path with placeholders, such as `/regions/{name}`. */
  readonly path: string;
  /** Names of its query parameters; none by default. */
  readonly parameters?: readonly string[];
  readonly get: (request: RouteRequest) => unknown;
  /** @param body JSON value of the request's body, of any type. */
  readonly post?: (request: RouteRequest, body: unknown) => unknown;
}

/** Reason why a route rejects a request; sent as problem details. */
export class RouteError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** Route with the values of the placeholders in its path. */
interface MatchedRoute {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

/** Returns the route of a path; undefined if no route has it. */
export function matchRoute(routes: readonly Route[], pathname: string): MatchedRoute | undefined {
  for (const route of routes) {
    const path = placeholders(route.path, pathname);
    if (path) return { route, path };
  }
  return undefined;
}

function placeholders(pattern: string, pathname: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split("/"), pathname.split("/")];
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    const value = name === undefined ? given[index] : decoded(given[index]);
    if (name === undefined ? part !== value : !value) return undefined;
    if (name !== undefined) values[name] = value as string;
  }
  return values;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign without two hexadecimal digits.
    return undefined;
  }
}

/** @throws RouteError 400 for a parameter that is unknown or given twice. */
export function checkParameters(query: URLSearchParams, known: readonly string[]): void {
  const hint = known.length === 0 ? "This path has no parameters." : `Parameters: ${known.join(", ")}.`;
  for (const name of new Set(query.keys())) {
    if (!known.includes(name))
      throw new RouteError(400, `The parameter ${JSON.stringify(name)} is unknown. ${hint}`);
    if (query.getAll(name).length > 1) throw new RouteError(400, `The parameter ${name} is given twice.`);
  }
}

/** Returns whether a parameter is `true`. @throws RouteError 400 for another value than `true`, `false` or an empty one. */
export function flagIn(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) || "false";
  if (value !== "true" && value !== "false") throw new RouteError(400, `${name} must be true or false.`);
  return value === "true";
}

/**
 * Returns a whole number of the query.
 * @throws RouteError 400 if it is none or out of range.
 */
export function wholeNumberIn(
  query: URLSearchParams,
  name: string,
  {
    minimum,
    maximum,
    otherwise,
  }: { readonly minimum: number; readonly maximum: number; readonly otherwise: number },
): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new RouteError(400, `${name} must be a whole number from ${minimum} to ${maximum}.`);
}
