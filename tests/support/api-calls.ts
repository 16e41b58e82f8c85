import assert from "node:assert/strict";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { ApiHandler, ApiRequest, ApiResponse, Operation } from "../../functions/api";
import { isProblem, Problem } from "../../functions/problem";

/** A request for an operation; what is left out is empty. */
export function apiRequest(request: Partial<ApiRequest> = {}): ApiRequest {
  return {
    method: "GET",
    path: "/",
    pathParameters: {},
    query: {},
    body: "",
    contentType: "application/json",
    caller: "anonymous",
    ...request,
  };
}

/** Runs an operation; a body that is not a text yet is sent as JSON. */
export function call(
  operation: Operation,
  request: Partial<Omit<ApiRequest, "body">> & { readonly id?: string; readonly body?: unknown } = {},
): Promise<ApiResponse> {
  const { id, body, ...rest } = request;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return operation(apiRequest({ pathParameters: { id }, ...rest, body: text ?? "" }));
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
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { "content-type": "application/json" },
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
