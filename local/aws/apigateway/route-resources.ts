import { expectInputs, expectOneOf, idOf, inputError } from "../inputs";
import type { DeclaredResource } from "../resource";
import type { Api, Integration, Route } from "./model";
import { parseRouteKey, type RoutePattern } from "./routes";

/** "Maximum integration timeout: 30 seconds", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_TIMEOUT_MS = 30_000;
const MIN_TIMEOUT_MS = 50;

/**
 * Reads an `aws:apigatewayv2/integration:Integration`.
 * @throws Error that names an input that is not supported.
 */
export function readIntegration(resource: DeclaredResource): Integration {
  const { inputs } = resource;
  expectInputs(resource, [
    ...["apiId", "integrationType", "integrationUri", "integrationMethod", "payloadFormatVersion"],
    ...["timeoutMilliseconds", "connectionType", "description", "region"],
  ]);
  expectOneOf("integrationType", inputs.integrationType, ["AWS_PROXY"]);
  expectOneOf("integrationMethod", inputs.integrationMethod, ["POST", undefined]);
  expectOneOf("payloadFormatVersion", inputs.payloadFormatVersion, ["2.0"]);
  expectOneOf("connectionType", inputs.connectionType, ["INTERNET", undefined]);
  return {
    id: idOf(resource, 7),
    functionArn: functionArnOf(resource),
    timeoutMs: timeoutOf(resource),
  };
}

/**
 * Reads an `aws:apigatewayv2/route:Route`.
 * @throws Error that names an input that is not supported.
 */
export function readRoute(resource: DeclaredResource, api: Api): Route {
  const { inputs } = resource;
  expectOneOf("authorizationType", inputs.authorizationType, ["NONE", undefined]);
  expectInputs(resource, ["apiId", "routeKey", "target", "authorizationType", "operationName", "region"]);
  const pattern = readRouteKey(resource);
  if (api.routes.some((route) => route.pattern.key === pattern.key))
    throw inputError("routeKey", `the API already has a route ${JSON.stringify(pattern.key)}.`);
  const [, integrationId = ""] = /^integrations\/(.+)$/.exec(inputs.target ?? "") ?? [];
  const integration = api.integrations.get(integrationId);
  if (!integration)
    throw inputError(
      "target",
      `${JSON.stringify(inputs.target)} is not "integrations/ID" with the id of an integration of the same API.`,
    );
  return { pattern, integration };
}

function readRouteKey(resource: DeclaredResource): RoutePattern {
  try {
    return parseRouteKey(String(resource.inputs.routeKey));
  } catch (error) {
    throw inputError("routeKey", `${(error as Error).message}.`);
  }
}

/** Returns the ARN of the function; the input is that ARN or the function's invoke ARN. */
function functionArnOf(resource: DeclaredResource): string {
  const uri = String(resource.inputs.integrationUri);
  const [, wrapped] =
    /^arn:aws:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  const arn = wrapped ?? uri;
  if (!/^arn:aws:lambda:[^:]+:\d{12}:function:.+$/.test(arn))
    throw inputError("integrationUri", `${JSON.stringify(uri)} is not the ARN of a Lambda function.`);
  return arn;
}

function timeoutOf(resource: DeclaredResource): number {
  const timeout = resource.inputs.timeoutMilliseconds ?? MAX_TIMEOUT_MS;
  if (Number.isInteger(timeout) && timeout >= MIN_TIMEOUT_MS && timeout <= MAX_TIMEOUT_MS) return timeout;
  throw inputError(
    "timeoutMilliseconds",
    `${JSON.stringify(timeout)} is not a whole number from ${MIN_TIMEOUT_MS} to ${MAX_TIMEOUT_MS}.`,
  );
}
