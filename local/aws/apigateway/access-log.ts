import { ACCOUNT } from "../resource";
import { clfTime, type ReceivedRequest } from "./payload-event";
import type { RequestTarget } from "./model";
import type { TokenAuthorization, TokenRejection } from "./token-verification";

/** Data of a request with its response for its access log line. */
export interface AccessLogFacts {
  readonly arrival: ReceivedRequest;
  readonly target: RequestTarget;
  readonly routeKey: string | undefined;
  /** What the token of the request says, or why it was rejected; undefined on a public route. */
  readonly authorization?: TokenAuthorization | TokenRejection;
  readonly status: number;
  /** Size of the response body in bytes. */
  readonly responseLength: number;
  /** Message of a response that API Gateway generated itself. */
  readonly errorMessage: string | undefined;
  readonly integration:
    { readonly latencyMs: number; readonly status: number; readonly error: string | undefined } | undefined;
}

/**
 * Replaces the `$context` variables of an access log format by their values, which are not escaped. A variable without a value becomes `-`.
 * See "Customize HTTP API access logs",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function formatAccessLog(format: string, facts: AccessLogFacts): string {
  const values = new Map(Object.entries(valuesOf(facts)));
  return format.replace(/\$context((?:\.\w+)+)/g, (_, name: string) => {
    const value = values.get(name.slice(1));
    return value === undefined || value === "" ? "-" : String(value);
  });
}

function valuesOf(facts: AccessLogFacts): Readonly<Record<string, string | number | undefined>> {
  const { arrival, target, integration, errorMessage } = facts;
  const latency = Date.now() - arrival.at.getTime();
  return {
    accountId: ACCOUNT,
    apiId: target.api.id,
    ...authorizerValues(facts.authorization),
    domainName: target.domainName,
    domainPrefix: target.domainName.split(".")[0],
    "error.message": errorMessage,
    "error.messageString": errorMessage && JSON.stringify(errorMessage),
    "error.responseType": errorMessage && responseTypeOf(facts),
    extendedRequestId: arrival.requestId,
    httpMethod: arrival.method,
    "identity.sourceIp": arrival.sourceIp,
    "identity.userAgent": arrival.headers["user-agent"],
    "integration.error": integration?.error,
    "integration.integrationStatus": integration?.status,
    "integration.latency": integration?.latencyMs,
    "integration.status": integration && (integration.error ? 500 : 200),
    integrationErrorMessage: integration?.error,
    integrationLatency: integration?.latencyMs,
    integrationStatus: integration?.status,
    path: arrival.path,
    protocol: arrival.protocol,
    requestId: arrival.requestId,
    requestTime: clfTime(arrival.at),
    requestTimeEpoch: Math.floor(arrival.at.getTime() / 1000),
    responseLatency: latency,
    responseLength: facts.responseLength,
    routeKey: facts.routeKey,
    stage: target.stage.name,
    status: facts.status,
  };
}

function authorizerValues(authorization: AccessLogFacts["authorization"]): Record<string, string> {
  if (!authorization) return {};
  if ("status" in authorization) return { "authorizer.error": authorization.reason };
  const claims = Object.entries(authorization.jwt.claims);
  return Object.fromEntries(claims.map(([name, value]) => [`authorizer.claims.${name}`, value]));
}

/** Types of responses that API Gateway generates: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const RESPONSE_TYPES: Readonly<Record<number, string>> = {
  401: "UNAUTHORIZED",
  403: "ACCESS_DENIED",
  404: "RESOURCE_NOT_FOUND",
  413: "REQUEST_TOO_LARGE",
  429: "THROTTLED",
};

function responseTypeOf({ status, integration }: AccessLogFacts): string {
  if (integration?.error !== undefined && status >= 500) return "INTEGRATION_FAILURE";
  return RESPONSE_TYPES[status] ?? (status >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX");
}
