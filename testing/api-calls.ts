import assert from "node:assert/strict";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { ApiHandler, ApiRequest, ApiResponse, Operation } from "../functions/http/api";
import type { OperationId } from "../functions/openapi/document";
import { requestCheck } from "../functions/openapi/request-check";
import { isProblem, Problem } from "../functions/http/problem";

/** A request that an operation may see; what is left out is empty. */
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

/** Runs an operation with a request as it is, unchecked: the request must be one that the document lets through. */
export function call(
  operation: Operation,
  request: Partial<ApiRequest> & { readonly id?: string } = {},
): Promise<ApiResponse> {
  const { id, ...rest } = request;
  return operation(apiRequest({ pathParameters: { id }, ...rest }));
}

/** What a client sends; a body that is not a text yet is sent as JSON. */
export interface SentRequest {
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly caller?: string;
}

/**
 * Runs an operation of the document as its handler would: the request is checked, and its defaults are filled in.
 * @throws Problem when the document or the operation refuses it.
 */
export async function send(
  operationId: OperationId,
  operation: Operation,
  request: SentRequest = {},
): Promise<ApiResponse> {
  const { id, query, headers, body, caller = "anonymous" } = request;
  const event = httpEvent("GET", "/", {
    ...(id !== undefined && { pathParameters: { id } }),
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    headers: { "content-type": "application/json", ...headers },
  });
  return operation(apiRequest({ ...requestCheck(operationId)(event), caller }));
}

/** The problem that something throws. @throws AssertionError when it throws none, or something else. */
export async function problemOf(action: () => unknown): Promise<Problem> {
  try {
    await action();
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
  return assert.fail("There was no problem.");
}

/** An HTTP API's event in payload format 2.0. */
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

/** Invokes a handler as Lambda would and reads the answer's JSON. */
export async function invoke(
  handler: ApiHandler,
  event: APIGatewayProxyEventV2,
): Promise<{
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // The body's shape is the operation's own; the test knows it.
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
