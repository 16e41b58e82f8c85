import { isDeepStrictEqual } from "node:util";
import { expectOneOf, inputError } from "../inputs";
import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";
import type { Apis } from "./apis";
import type { CustomDomains } from "./custom-domains";
import type { Api, LogDelivery, Stage } from "./model";
import { StageThrottle, type ThrottleLimits } from "./throttling";

type Inputs = DeclaredResource["inputs"];

const LIMITS = ["throttlingBurstLimit", "throttlingRateLimit"];
const ROUTE_SETTINGS = [...LIMITS, "detailedMetricsEnabled"];

/**
 * Handler of `aws:apigatewayv2/stage:Stage`. Limits, variables and the log format apply to the next request; open connections stay.
 * A stage that a custom domain maps cannot be deleted.
 */
export function stageHandler(apis: Apis, domains: CustomDomains, logs: LogDelivery): ResourceHandler {
  const allowLog = (region: string, { accessLogSettings }: Inputs): void => {
    if (accessLogSettings) logs.allow(region, accessLogSettings.destinationArn);
  };
  return {
    updatable: [
      ...["autoDeploy", "stageVariables", "description", "tags"],
      ...["destinationArn", "format"].map((field) => `accessLogSettings.${field}`),
      ...ROUTE_SETTINGS.map((field) => `defaultRouteSettings.${field}`),
      ...["routeKey", ...ROUTE_SETTINGS].map((field) => `routeSettings.${field}`),
    ],
    unordered: ["routeSettings"],
    replacing: {
      apiId: "internal/service/apigatewayv2/stage.go:71",
      name: "internal/service/apigatewayv2/stage.go:142",
      region: "internal/provider/sdkv2/region.go:110",
    },
    autoName: { input: "name", maxLength: 128 },
    create: async ({ inputs, region }) => {
      const api = apis.get(region, inputs.apiId);
      const stage = readStage(inputs, api);
      // Observed for REST APIs: https://github.com/hashicorp/terraform-provider-aws/issues/30256
      if (api.stages.has(stage.name))
        throw inputError(
          "name",
          `ConflictException: Stage already exists: the API already has a stage ${JSON.stringify(stage.name)}.`,
        );
      allowLog(region, inputs);
      api.stages.set(stage.name, stage);
      return { id: stage.name, outputs: outputsOf(stage, api, apis) };
    },
    read: async ({ id, region, inputs }) => {
      const api = apis.find(region, inputs.apiId);
      const stage = api?.stages.get(id);
      return api && stage && { id, inputs: stage.inputs, outputs: outputsOf(stage, api, apis) };
    },
    update: async ({ id, region, inputs: { apiId } }, inputs) => {
      const api = apis.get(region, apiId);
      const previous = api.stages.get(id);
      if (!previous)
        throw inputError("name", `NotFoundException: Invalid stage identifier specified: ${id}.`);
      const stage = readStage(inputs, api, previous);
      allowLog(region, inputs);
      api.stages.set(id, stage);
      return outputsOf(stage, api, apis);
    },
    delete: async ({ id, region, inputs }) => {
      const api = apis.find(region, inputs.apiId);
      if (!api) return;
      // Observed for REST APIs (https://github.com/hashicorp/terraform-provider-aws/issues/41651), and for HTTP APIs as a failed
      // replacement: https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/83
      if (domains.mappingsOf(api, id).length > 0)
        throw new Error(
          `BadRequestException: Deleting stage ${id} failed. Please remove all API mappings related to the stage in your domains.`,
        );
      api.stages.delete(id);
    },
  };
}

/** Outputs of a stage, as the provider returns them. */
function outputsOf(stage: Stage, api: Api, apis: Apis): CreatedResource["outputs"] {
  return {
    name: stage.name,
    arn: arnOf("apigateway", api.region, `/apis/${api.id}/stages/${stage.name}`),
    executionArn: `${api.executionArn}/${stage.name}`,
    invokeUrl: `${apis.endpointOf(api)}/${stage.name === "$default" ? "" : stage.name}`,
    deploymentId: api.id.slice(0, 6),
    region: api.region,
  };
}

/** @param previous the stage before a change; its throttling continues if its limits stay. */
function readStage(inputs: Inputs, api: Api, previous?: Stage): Stage {
  expectOneOf("autoDeploy", inputs.autoDeploy, [true]);
  checkRouteKeys(inputs, api);
  const limitsOf = (from: Inputs): unknown[] => [from.defaultRouteSettings, from.routeSettings ?? []];
  const keepsLimits = previous && isDeepStrictEqual(limitsOf(previous.inputs), limitsOf(inputs));
  return {
    name: inputs.name,
    inputs,
    variables: inputs.stageVariables ?? undefined,
    throttle: keepsLimits ? previous.throttle : readThrottle(inputs),
    accessLogFormat: inputs.accessLogSettings?.format ?? undefined,
  };
}

/**
 * Checks that every route with settings exists. Settings stay when their route is deleted; every later update of the stage is
 * refused until it leaves them out. The provider deletes the settings of routes that are no longer listed before it updates.
 * Observed: https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80 and
 * https://github.com/DianaIonita/serverless-api-gateway-throttling/issues/33
 */
function checkRouteKeys({ routeSettings }: Inputs, { routes }: Api): void {
  const keys = new Set([...routes.values()].map(({ pattern }) => pattern.key));
  for (const { routeKey } of (routeSettings ?? []) as { routeKey: string }[])
    if (!keys.has(routeKey))
      throw inputError(
        "routeSettings",
        `NotFoundException: Unable to find Route by key ${routeKey} within the provided RouteSettings. Let the stage depend on ` +
          "the route, or leave out the settings of a route that no longer exists.",
      );
}

function readThrottle({ defaultRouteSettings, routeSettings }: Inputs): StageThrottle {
  const byDefault = defaultRouteSettings
    ? readLimits(defaultRouteSettings, "defaultRouteSettings")
    : undefined;
  const byRouteKey = new Map<string, ThrottleLimits>();
  for (const { routeKey, ...settings } of routeSettings ?? [])
    byRouteKey.set(routeKey, readLimits(settings, `routeSettings[${JSON.stringify(routeKey)}]`));
  return new StageThrottle(byDefault, byRouteKey);
}

/**
 * Reads throttling limits. Both are required, because the provider sends 0 for a missing limit, and AWS then returns 429 to every
 * request (pulumi-aws issue 2363).
 */
function readLimits(settings: Record<string, unknown>, group: string): ThrottleLimits {
  const [burst, rate] = LIMITS.map((name) => {
    const value = settings[name];
    if (typeof value === "number" && value >= 0) return value;
    throw inputError(
      `${group}.${name}`,
      "give a number of 0 or more; without one, AWS rejects every request.",
    );
  });
  return { burst, rate };
}
