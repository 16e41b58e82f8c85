import assert from "node:assert/strict";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { ApiHandler, ApiRequest, ApiResponse, Operation } from "../functions/http/api";
import type { OperationId } from "../functions/openapi/document";
import { requestCheck } from "../functions/openapi/request-check";
import { isProblem, Problem } from "../functions/http/problem";

/** Returns a request with empty defaults. */
function apiRequest(request: Partial<ApiRequest> = {}): ApiRequest {
  return {
    method: "GET",
    path: "/",
    pathParameters: {},
    query: {},
    headers: {},
    body: undefined,
    caller: "anonymous",
    ...request,
  };
}

/** Runs an operation without validation of the request, which must be valid by the OpenAPI document. */
export function call(
  operation: Operation,
  request: Partial<ApiRequest> & { readonly id?: string } = {},
): Promise<ApiResponse> {
  const { id, ...rest } = request;
  return operation(apiRequest({ pathParameters: { id }, ...rest }));
}

/** Request of a client. A body that is not a string is sent as JSON. */
export interface SentRequest {
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly caller?: string;
}

/**
 * Runs an operation like its handler: validates the request and fills in defaults.
 * @throws Problem if the document or the operation rejects it.
 */
export async function send(
  operationId: OperationId,
  operation: Operation,
  request: SentRequest = {},
): Promise<ApiResponse> {
  const { id, query, headers, body, caller = "anonymous" } = request;
  const event = httpEvent("GET", "/", {
    ...(id !== undefined && { pathParameters: { id } }),
    ...(query && { rawQueryString: rawQueryOf(query) }),
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    headers: { "content-type": "application/json", ...headers },
  });
  return operation(apiRequest({ ...requestCheck(operationId)(event), caller }));
}

/** Returns the query string that a browser sends for parameters. */
export function rawQueryOf(query: SentRequest["query"] = {}): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(Object.fromEntries(present) as Record<string, string>).toString();
}

/** Returns the problem that an action throws. @throws AssertionError if it throws nothing, and every other error of the action. */
export async function problemOf(action: () => unknown): Promise<Problem> {
  try {
    await action();
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
  return assert.fail("The action threw no problem.");
}

/** Returns an event of an HTTP API in payload format 2.0. */
export function httpEvent(
  method: string,
  path: string,
  more: Partial<APIGatewayProxyEventV2> = {},
): APIGatewayProxyEventV2 {
  const http = { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "tests" };
  const gateway = { accountId: "000000000000", apiId: "api", domainName: "localhost", domainPrefix: "api" };
  const call = { requestId: "gateway-id", routeKey: "$default", stage: "$default", time: "", timeEpoch: 0 };
  const length: Record<string, string> =
    more.body === undefined ? {} : { "content-length": String(Buffer.byteLength(more.body)) };
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { "content-type": "application/json", ...length },
    requestContext: { ...gateway, ...call, http },
    isBase64Encoded: false,
    ...more,
  };
}

/** Invokes a handler like Lambda, and parses the JSON of the response. */
export async function invoke(
  handler: ApiHandler,
  event: APIGatewayProxyEventV2,
): Promise<{
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // The type of the body depends on the operation; the test knows it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}> {
  const answer = await handler(event, { awsRequestId: "request-1" } as Context);
  const text = answer.body ?? "";
  return {
    status: answer.statusCode,
    headers: answer.headers ?? {},
    text,
    body: text === "" ? undefined : JSON.parse(text),
  };
}
