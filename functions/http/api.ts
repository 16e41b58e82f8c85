import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { isServiceError } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { ANSWERED, log } from "../shared/log";
import { OperationId } from "../openapi/document";
import { type CheckedRequest, requestCheck } from "../openapi/request-check";
import { isProblem, problem, Problem } from "./problem";
import { isTicketId } from "../tickets/ticket-id";
import { withoutNulls } from "../shared/without-nulls";

/** A request as an operation sees it. */
export interface ApiRequest extends CheckedRequest {
  readonly method: string;
  readonly path: string;
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
 * The handler of an operation of the document: a request is checked against the document before the operation sees it.
 * Answers as `answering` does.
 */
export function apiHandler(operationId: OperationId, operation: Operation): ApiHandler {
  const check = requestCheck(operationId);
  return eventHandler((event) => {
    const { method, path } = event.requestContext.http;
    return operation({ method, path, ...check(event), caller: callerOf(event) });
  });
}

/**
 * A handler from what answers an event: every problem becomes problem details, every other error a logged 500 or, when
 * the table cannot be reached, a 503. Every answer names the region that gave it and the request's id, under which the
 * log has one line for each request; none has anything that the client sent.
 */
export function eventHandler(answer: (event: APIGatewayProxyEventV2) => Promise<ApiResponse>): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return async (received, context) => {
    const present: Partial<APIGatewayProxyEventV2> = withoutNulls(received);
    const event = { headers: {}, rawQueryString: "", ...present } as APIGatewayProxyEventV2;
    const start = Date.now();
    const call = callOf(event, context);
    let response: ApiResponse;
    let text: string;
    try {
      response = await answer(event);
      text = textOf(response);
    } catch (error) {
      response = problemResponse(isProblem(error) ? error : unexpected(error, call), call);
      text = textOf(response);
    }
    const { status, body, headers } = response;
    log({ level: "INFO", message: ANSWERED, ...call, status, milliseconds: Date.now() - start });
    return {
      statusCode: status,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        "cache-control": "no-store",
        ...headers,
        "x-served-by": region,
        "x-request-id": call.requestId,
      },
      body: text,
    };
  };
}

function textOf({ body }: ApiResponse): string {
  return body === undefined ? "" : JSON.stringify(body);
}

/** What every log line says of the request. */
interface Call {
  /** API Gateway's, which its access log has too. */
  readonly requestId: string;
  /** Lambda's, which the lines of the runtime itself have. */
  readonly lambdaRequestId: string;
  readonly route: string;
  readonly ticketId?: string;
}

function callOf(
  { requestContext, routeKey, pathParameters }: APIGatewayProxyEventV2,
  { awsRequestId }: Context,
): Call {
  const { requestId } = requestContext;
  const id = pathParameters?.id;
  // Whatever else stands in a path may be about a person, and stays out of the log.
  return {
    requestId,
    lambdaRequestId: awsRequestId,
    route: routeKey,
    ...(isTicketId(id) && { ticketId: id }),
  };
}

function callerOf(event: APIGatewayProxyEventV2): string {
  const { authorizer } = event.requestContext as {
    authorizer?: { jwt?: { claims?: Record<string, unknown> } };
  };
  const subject = authorizer?.jwt?.claims?.sub;
  return typeof subject === "string" ? subject : "anonymous";
}

function problemResponse({ problem: details, headers }: Problem, { requestId }: Call): ApiResponse {
  return {
    status: details.status,
    body: { type: "about:blank", ...details, requestId },
    headers: { "content-type": "application/problem+json", ...headers },
  };
}

function unexpected(error: unknown, call: Call): Problem {
  const { name, message, stack } = error as Error;
  log({ level: "ERROR", ...call, name, message, stack });
  if (isServiceError(error))
    return problem(
      503,
      "Region unavailable",
      "The ticket table did not respond. Retry, or send the request to the other region.",
      {
        headers: { "retry-after": "1" },
      },
    );
  return problem(
    500,
    "Internal error",
    "An unexpected error occurred. The log contains it under this request id.",
  );
}
