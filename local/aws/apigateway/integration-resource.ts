import { expectOneOf, idOf, inputError } from "../inputs";
import type { CreatedResource, DeclaredResource, ResourceHandler } from "../resource";
import type { Apis } from "./apis";
import type { Integration } from "./model";
import { expectUnused } from "./route-resource";

type Inputs = DeclaredResource["inputs"];

/** "Maximum integration timeout: 30 seconds", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_TIMEOUT_MS = 30_000;
const MIN_TIMEOUT_MS = 50;

/** Handler of `aws:apigatewayv2/integration:Integration`. An integration that a route refers to cannot be deleted. */
export function integrationHandler(apis: Apis): ResourceHandler {
  return {
    updatable: [
      ...["integrationUri", "integrationMethod", "payloadFormatVersion", "timeoutMilliseconds"],
      ...["connectionType", "description"],
    ],
    replacing: {
      apiId: "internal/service/apigatewayv2/integration.go:32",
      integrationType: "internal/service/apigatewayv2/integration.go:85",
      region: "internal/provider/sdkv2/region.go:110",
    },
    create: async (resource) => {
      const { inputs, region } = resource;
      const { integrations } = apis.get(region, inputs.apiId);
      const integration = readIntegration(idOf(resource, 7), inputs);
      integrations.set(integration.id, integration);
      return { id: integration.id, outputs: outputsOf(integration, region) };
    },
    read: async ({ id, region, inputs }) => {
      const integration = apis.find(region, inputs.apiId)?.integrations.get(id);
      return integration && { id, inputs: integration.inputs, outputs: outputsOf(integration, region) };
    },
    update: async ({ id, region, inputs: { apiId } }, inputs) => {
      const { integrations } = apis.get(region, apiId);
      if (!integrations.has(id))
        throw new Error(`NotFoundException: Invalid Integration identifier specified: ${id}.`);
      const integration = readIntegration(id, inputs);
      integrations.set(id, integration);
      return outputsOf(integration, region);
    },
    delete: async ({ id, region, inputs }) => {
      const api = apis.find(region, inputs.apiId);
      if (!api) return;
      expectUnused(api, "Integration", ({ integrationId }) => integrationId === id);
      api.integrations.delete(id);
    },
  };
}

/** Outputs of an integration, as the provider returns them. */
function outputsOf({ timeoutMs }: Integration, region: string): CreatedResource["outputs"] {
  return { timeoutMilliseconds: timeoutMs, connectionType: "INTERNET", region };
}

function readIntegration(id: string, inputs: Inputs): Integration {
  expectOneOf("integrationType", inputs.integrationType, ["AWS_PROXY"]);
  expectOneOf("integrationMethod", inputs.integrationMethod, ["POST", undefined]);
  expectOneOf("payloadFormatVersion", inputs.payloadFormatVersion, ["2.0"]);
  expectOneOf("connectionType", inputs.connectionType, ["INTERNET", undefined]);
  return { id, inputs, functionArn: functionArnOf(inputs), timeoutMs: timeoutOf(inputs) };
}

/** Returns the ARN of the function; the input is that ARN or the function's invoke ARN. */
function functionArnOf({ integrationUri }: Inputs): string {
  const uri = String(integrationUri);
  const [, wrapped] =
    /^arn:aws:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  const arn = wrapped ?? uri;
  if (!/^arn:aws:lambda:[^:]+:\d{12}:function:.+$/.test(arn))
    throw inputError("integrationUri", `${JSON.stringify(uri)} is not the ARN of a Lambda function.`);
  return arn;
}

function timeoutOf({ timeoutMilliseconds }: Inputs): number {
  const timeout = timeoutMilliseconds ?? MAX_TIMEOUT_MS;
  if (Number.isInteger(timeout) && timeout >= MIN_TIMEOUT_MS && timeout <= MAX_TIMEOUT_MS) return timeout;
  throw inputError(
    "timeoutMilliseconds",
    `${JSON.stringify(timeout)} is not a whole number from ${MIN_TIMEOUT_MS} to ${MAX_TIMEOUT_MS}.`,
  );
}
