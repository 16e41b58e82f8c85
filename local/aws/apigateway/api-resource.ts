import { expectOneOf, idOf, inputError } from "../inputs";
import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";
import type { Apis } from "./apis";
import type { CustomDomains } from "./custom-domains";
import type { Api, ApiSettings, CorsConfiguration } from "./model";

type Inputs = DeclaredResource["inputs"];

const CORS_FIELDS = [
  ...["allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders"],
  ...["maxAge", "allowCredentials"],
];

/**
 * Handler of `aws:apigatewayv2/api:Api`. Settings change in place, on the same port. An API that a custom domain maps cannot be
 * deleted; one that is deleted takes its integrations, routes and stages with it.
 */
export function apiHandler(apis: Apis, domains: CustomDomains): ResourceHandler {
  return {
    updatable: [
      ...["name", "description", "version", "tags", "disableExecuteApiEndpoint", "ipAddressType"],
      ...CORS_FIELDS.map((field) => `corsConfiguration.${field}`),
    ],
    unordered: ["allowHeaders", "allowMethods", "allowOrigins", "exposeHeaders"].map(
      (field) => `corsConfiguration.${field}`,
    ),
    replacing: {
      protocolType: "internal/service/apigatewayv2/api.go:151",
      region: "internal/provider/sdkv2/region.go:110",
    },
    autoName: { input: "name", maxLength: 128 },
    create: async (resource) => {
      const settings = readSettings(resource.inputs);
      const api = await apis.add(idOf(resource, 10), resource.region, settings);
      return { id: api.id, outputs: outputsOf(api, apis) };
    },
    read: async ({ id, region }) => {
      const api = apis.find(region, id);
      return api && { id, inputs: api.settings.inputs, outputs: outputsOf(api, apis) };
    },
    update: async ({ id, region }, inputs) => {
      const api = apis.get(region, id);
      api.settings = readSettings(inputs);
      return outputsOf(api, apis);
    },
    delete: async ({ id, region }) => {
      const api = apis.find(region, id);
      if (!api) return;
      // Observed: https://github.com/gruntwork-io/cloud-nuke/issues/370
      if (domains.mappingsOf(api).length > 0)
        throw new Error(
          `BadRequestException: Deleting API ${id} failed. Please remove all API mappings for the API from your custom domain names.`,
        );
      await apis.remove(api);
    },
  };
}

/** Outputs of an API, as the provider returns them. */
function outputsOf(api: Api, apis: Apis): CreatedResource["outputs"] {
  const { inputs } = api.settings;
  return {
    name: inputs.name,
    apiEndpoint: apis.endpointOf(api),
    arn: arnOf("apigateway", api.region, `/apis/${api.id}`),
    executionArn: api.executionArn,
    apiKeySelectionExpression: "$request.header.x-api-key",
    routeSelectionExpression: "$request.method $request.path",
    ipAddressType: inputs.ipAddressType ?? "ipv4",
    region: api.region,
  };
}

function readSettings(inputs: Inputs): ApiSettings {
  expectOneOf("protocolType", inputs.protocolType, ["HTTP"]);
  return { inputs, cors: readCors(inputs), executeApiDisabled: inputs.disableExecuteApiEndpoint === true };
}

function readCors({ corsConfiguration: cors }: Inputs): CorsConfiguration | undefined {
  if (!cors) return undefined;
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
    maxAge: cors.maxAge ?? undefined,
    allowCredentials,
  };
}
