import { apiHandler, ApiHandler, Operation } from "./api";
import { problem } from "./problem";

const ROUTES: readonly { readonly path: RegExp; readonly methods: readonly string[] }[] = [
  { path: /^\/tickets$/, methods: ["GET", "POST"] },
  { path: /^\/tickets\/[^/]+$/, methods: ["GET", "PATCH", "DELETE"] },
  { path: /^\/tickets\/[^/]+\/conflicts$/, methods: ["GET"] },
  { path: /^\/health$/, methods: ["GET"] },
];

/** Every request that no route takes: 405 when only the method is wrong, else 404. */
export function unknownRouteOperation(): Operation {
  return async ({ method, path }) => {
    const route = ROUTES.find((candidate) => candidate.path.test(path));
    // A path such as `/tickets%2F1` only looks like a route's once it is decoded; its method is not what is wrong.
    if (route && !route.methods.includes(method)) {
      const allow = route.methods.join(", ");
      throw problem(
        405,
        "The method is not allowed",
        `${method} is not allowed on ${path}; allowed are ${allow}.`,
        { headers: { allow } },
      );
    }
    throw problem(
      404,
      "There is no such route",
      `Nothing is served at ${path}. The routes are /tickets, /tickets/{id}, /tickets/{id}/conflicts and /health.`,
    );
  };
}

/** The callback factory of the `$default` route. */
export function unknownRoute(): ApiHandler {
  return apiHandler(unknownRouteOperation());
}
