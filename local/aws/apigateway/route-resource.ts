import { isScope } from "../../../shared/oauth-scope";
import { expectOneOf, idOf, inputError, isAbsent } from "../inputs";
import type { DeclaredResource, ResourceHandler } from "../resource";
import type { Apis } from "./apis";
import type { Api, Route } from "./model";
import { parseRouteKey, type RoutePattern } from "./routes";

type Inputs = DeclaredResource["inputs"];

/**
 * Handler of `aws:apigatewayv2/route:Route`. A deleted route leaves its settings in the stages, which then refuse changes (see the
 * handler of stages).
 */
export function routeHandler(apis: Apis): ResourceHandler {
  const outputs = ({ authorizationType }: Inputs, region: string) => ({
    authorizationType: authorizationType ?? "NONE",
    region,
  });
  return {
    updatable: [
      ...["routeKey", "target", "operationName"],
      ...["authorizationType", "authorizerId", "authorizationScopes"],
    ],
    unordered: ["authorizationScopes"],
    replacing: {
      apiId: "internal/service/apigatewayv2/route.go:45",
      region: "internal/provider/sdkv2/region.go:110",
    },
    create: async (resource) => {
      const { inputs, region } = resource;
      const api = apis.get(region, inputs.apiId);
      const route = readRoute(idOf(resource, 7), inputs, api);
      api.routes.set(route.id, route);
      return { id: route.id, outputs: outputs(inputs, region) };
    },
    read: async ({ id, region, inputs }) => {
      const route = apis.find(region, inputs.apiId)?.routes.get(id);
      return route && { id, inputs: route.inputs, outputs: outputs(route.inputs, region) };
    },
    update: async ({ id, region, inputs: { apiId } }, inputs) => {
      const api = apis.get(region, apiId);
      if (!api.routes.has(id))
        throw new Error(`NotFoundException: Invalid Route identifier specified: ${id}.`);
      api.routes.set(id, readRoute(id, inputs, api));
      return outputs(inputs, region);
    },
    delete: async ({ id, region, inputs }) => void apis.find(region, inputs.apiId)?.routes.delete(id),
  };
}

/**
 * Checks that no route of an API refers to a part of it that is to be deleted.
 * @param part name of the part in the message of AWS, such as `Integration`.
 * @throws Error that names the routes.
 */
export function expectUnused({ routes }: Api, part: string, refersToIt: (route: Route) => boolean): void {
  const users = [...routes.values()].filter(refersToIt);
  // Observed for integrations: https://github.com/milliHQ/terraform-aws-next-js/issues/247
  if (users.length > 0)
    throw new Error(
      `ConflictException: Cannot delete ${part} because it is referenced by the following Routes with Ids: ` +
        `[${users.map((route) => route.id).join(", ")}]`,
    );
}

function readRoute(id: string, inputs: Inputs, api: Api): Route {
  const authorization = readAuthorization(inputs, api);
  const pattern = readRouteKey(inputs);
  const others = [...api.routes.values()].filter((route) => route.id !== id);
  checkConflict(pattern, others);
  const [, integrationId = ""] = /^integrations\/(.+)$/.exec(inputs.target ?? "") ?? [];
  if (!api.integrations.has(integrationId))
    throw inputError(
      "target",
      `${JSON.stringify(inputs.target)} is not "integrations/ID" with the id of an integration of the same API.`,
    );
  return { id, inputs, pattern, integrationId, ...authorization };
}

/** @throws Error if the authorizer does not exist, or for scopes or an authorizer that nothing would check. */
function readAuthorization(inputs: Inputs, api: Api): Pick<Route, "authorizerId" | "scopes"> {
  const { authorizationType, authorizerId, authorizationScopes: scopes = [] } = inputs;
  expectOneOf("authorizationType", authorizationType, ["JWT", "NONE", undefined]);
  if (authorizationType === "JWT") {
    if (!api.authorizers.has(authorizerId))
      throw inputError(
        "authorizerId",
        `BadRequestException: Invalid Authorizer identifier specified: ${JSON.stringify(authorizerId)} is no authorizer of the same API.`,
      );
    checkScopes(scopes);
    return { authorizerId, scopes };
  }
  const ignored = ["authorizerId", "authorizationScopes"].find((input) => !isAbsent(inputs[input]));
  if (ignored)
    throw inputError(
      ignored,
      'the route is public without authorizationType "JWT": add it, or leave this out.',
    );
  return { authorizerId: undefined, scopes: [] };
}

/** @throws Error for a scope that no token can have. */
function checkScopes(scopes: readonly string[]): void {
  const malformed = scopes.find((scope) => !isScope(scope));
  if (malformed !== undefined)
    throw inputError(
      "authorizationScopes",
      `${JSON.stringify(malformed)} is not a scope: use printable ASCII characters without a space, a quotation mark or a backslash.`,
    );
}

/**
 * Rejects a route key that another route has, or that differs from it in the names of variables only.
 * Observed: https://github.com/anomalyco/sst/issues/5031 and https://github.com/plutomi/plutomi/issues/271
 */
function checkConflict({ key }: RoutePattern, others: readonly Route[]): void {
  const shapeOf = (routeKey: string): string => routeKey.replaceAll(/\{[^{}+]+(\+?)\}/g, "{$1}");
  for (const { pattern } of others) {
    if (pattern.key === key)
      throw inputError("routeKey", `ConflictException: Route with key ${key} already exists for this API.`);
    if (shapeOf(pattern.key) === shapeOf(key))
      throw inputError(
        "routeKey",
        `ConflictException: The provided route key "${key}" has a conflicting variable on the same hierarchical level as "${pattern.key}".`,
      );
  }
}

function readRouteKey({ routeKey }: Inputs): RoutePattern {
  try {
    return parseRouteKey(String(routeKey));
  } catch (error) {
    throw inputError("routeKey", `${(error as Error).message}.`);
  }
}
