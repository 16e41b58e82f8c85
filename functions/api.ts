import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { isServiceError } from "./aws";
import { environmentVariable } from "./environment";
import { log } from "./log";
import { isProblem, problem, Problem } from "./problem";

/** A request as an operation sees it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The body as text; empty when there is none. */
  readonly body: string;
  /** The Content-Type header; empty when there is none. */
  readonly contentType: string;
  /** The subject of the caller's token; `anonymous` without one. */
  readonly caller: string;
}

/** What an operation answers; a body is sent as JSON. */
export interface ApiResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the API. @throws Problem for every request that it refuses. */
export type Operation = (request: ApiRequest) => Promise<ApiResponse>;

/** A Lambda handler for an HTTP API with payload format 2.0. */
export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * The handler of an operation: every problem becomes problem details, every other error a logged 500 or, when the table
 * cannot be reached, a 503; every answer says which region gave it.
 */
export function apiHandler(operation: Operation): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return async (event, context) => {
    let response: ApiResponse;
    try {
      response = await operation(requestOf(event));
    } catch (error) {
      response = problemResponse(isProblem(error) ? error : unexpected(error, event, context), context);
    }
    return {
      statusCode: response.status,
      headers: {
        ...(response.body !== undefined && { "content-type": "application/json" }),
        "cache-control": "no-store",
        "x-served-by": region,
        ...response.headers,
      },
      body: response.body === undefined ? "" : JSON.stringify(response.body),
    };
  };
}

function requestOf(event: APIGatewayProxyEventV2): ApiRequest {
  const { method, path } = event.requestContext.http;
  const body = event.body ?? "";
  return {
    method,
    path,
    pathParameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: event.isBase64Encoded ? Buffer.from(body, "base64").toString() : body,
    contentType: event.headers["content-type"] ?? "",
    caller: callerOf(event),
  };
}

function callerOf(event: APIGatewayProxyEventV2): string {
  const { authorizer } = event.requestContext as {
    authorizer?: { jwt?: { claims?: Record<string, unknown> } };
  };
  const subject = authorizer?.jwt?.claims?.sub;
  return typeof subject === "string" ? subject : "anonymous";
}

function problemResponse({ problem: details, headers }: Problem, context: Context): ApiResponse {
  return {
    status: details.status,
    body: { type: "about:blank", ...details, requestId: context.awsRequestId },
    headers: { "content-type": "application/problem+json", ...headers },
  };
}

function unexpected(error: unknown, event: APIGatewayProxyEventV2, context: Context): Problem {
  const { name, message, stack } = error as Error;
  const { awsRequestId: requestId } = context;
  log({ level: "ERROR", requestId, route: event.routeKey, name, message, stack });
  if (isServiceError(error))
    return problem(
      503,
      "The region cannot serve this now",
      "The ticket table did not answer. Try again, or ask the other region.",
      {
        headers: { "retry-after": "1" },
      },
    );
  return problem(500, "The request failed", "An unexpected error was logged under this request id.");
}
