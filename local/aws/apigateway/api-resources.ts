import { expectInputs, expectOneOf, expectParts, idOf, inputError } from "../inputs";
import { arnOf, type DeclaredResource, type CreatedResource } from "../resource";
import type { Api, CorsConfiguration, Stage } from "./model";
import { StageThrottle, type ThrottleLimits } from "./throttling";

/**
 * Reads an `aws:apigatewayv2/api:Api`.
 * @throws Error that names an input that is not supported.
 */
export function readApi(resource: DeclaredResource): Api {
  const { inputs, region } = resource;
  expectInputs(resource, [
    ...["protocolType", "name", "corsConfiguration", "disableExecuteApiEndpoint", "ipAddressType"],
    ...["description", "version", "tags", "region"],
  ]);
  expectOneOf("protocolType", inputs.protocolType, ["HTTP"]);
  const id = idOf(resource, 10);
  return {
    id,
    region,
    executionArn: arnOf("execute-api", region, id),
    cors: readCors(resource),
    executeApiDisabled: inputs.disableExecuteApiEndpoint === true,
    integrations: new Map(),
    routes: [],
    stages: new Map(),
  };
}

/** Outputs of an API, as the provider returns them. */
export function apiOutputs(
  { inputs, physicalName }: DeclaredResource,
  api: Api,
  endpoint: string,
): CreatedResource {
  return {
    id: api.id,
    outputs: {
      name: inputs.name ?? physicalName,
      apiEndpoint: endpoint,
      arn: arnOf("apigateway", api.region, `/apis/${api.id}`),
      executionArn: api.executionArn,
      apiKeySelectionExpression: "$request.header.x-api-key",
      routeSelectionExpression: "$request.method $request.path",
      ipAddressType: inputs.ipAddressType ?? "ipv4",
      region: api.region,
    },
  };
}

/**
 * Reads an `aws:apigatewayv2/stage:Stage`.
 * @throws Error that names an input that is not supported.
 */
export function readStage(resource: DeclaredResource): Stage {
  const { inputs } = resource;
  expectInputs(resource, [
    ...["apiId", "name", "autoDeploy", "accessLogSettings", "defaultRouteSettings", "routeSettings"],
    ...["stageVariables", "description", "tags", "region"],
  ]);
  expectOneOf("autoDeploy", inputs.autoDeploy, [true]);
  expectParts(resource, "accessLogSettings", inputs.accessLogSettings, ["destinationArn", "format"]);
  return {
    name: inputs.name ?? resource.physicalName,
    variables: inputs.stageVariables,
    throttle: readThrottle(resource),
    accessLogFormat: inputs.accessLogSettings?.format,
  };
}

/** Outputs of a stage, as the provider returns them. */
export function stageOutputs(stage: Stage, api: Api, endpoint: string): CreatedResource {
  return {
    id: stage.name,
    outputs: {
      name: stage.name,
      arn: arnOf("apigateway", api.region, `/apis/${api.id}/stages/${stage.name}`),
      executionArn: `${api.executionArn}/${stage.name}`,
      invokeUrl: `${endpoint}/${stage.name === "$default" ? "" : stage.name}`,
      deploymentId: api.id.slice(0, 6),
      region: api.region,
    },
  };
}

function readCors(resource: DeclaredResource): CorsConfiguration | undefined {
  const cors = resource.inputs.corsConfiguration;
  if (!cors) return undefined;
  const lists = ["allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders"];
  expectParts(resource, "corsConfiguration", cors, [...lists, "maxAge", "allowCredentials"]);
  const allowCredentials = cors.allowCredentials === true;
  if (allowCredentials && cors.allowOrigins?.includes("*"))
    throw inputError(
      "corsConfiguration.allowOrigins",
      '"*" cannot be combined with allowCredentials. Name the origins.',
    );
  return {
    allowOrigins: cors.allowOrigins ?? [],
    allowMethods: cors.allowMethods ?? [],
    allowHeaders: cors.allowHeaders ?? [],
    exposeHeaders: cors.exposeHeaders ?? [],
    maxAge: cors.maxAge,
    allowCredentials,
  };
}

function readThrottle(resource: DeclaredResource): StageThrottle {
  const { defaultRouteSettings, routeSettings = [] } = resource.inputs;
  const byDefault =
    defaultRouteSettings && readLimits(resource, defaultRouteSettings, "defaultRouteSettings");
  const byRouteKey = new Map<string, ThrottleLimits>();
  for (const { routeKey, ...settings } of routeSettings)
    byRouteKey.set(routeKey, readLimits(resource, settings, `routeSettings[${JSON.stringify(routeKey)}]`));
  return new StageThrottle(byDefault, byRouteKey);
}

/**
 * Reads throttling limits. Both are required, because the provider sends 0 for a missing limit, and AWS then returns 429 to every
 * request (pulumi-aws issue 2363).
 */
function readLimits(
  resource: DeclaredResource,
  settings: Record<string, unknown>,
  group: string,
): ThrottleLimits {
  const limits = ["throttlingBurstLimit", "throttlingRateLimit"];
  expectParts(resource, group, settings, [...limits, "detailedMetricsEnabled"]);
  const [burst, rate] = limits.map((name) => {
    const value = settings[name];
    if (typeof value === "number" && value >= 0) return value;
    throw inputError(
      `${group}.${name}`,
      "give a number of 0 or more; without one, AWS rejects every request.",
    );
  });
  return { burst, rate };
}
