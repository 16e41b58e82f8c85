import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { isServiceError } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { ANSWERED, log } from "../shared/log";
import { mayBeSaved } from "../shared/uncertain-write";
import { OperationId } from "../openapi/document";
import { type CheckedRequest, requestCheck } from "../openapi/request-check";
import { isProblem, problem, Problem } from "./problem";
import { isTicketId } from "../tickets/ticket-id";
import { withoutNulls } from "../shared/without-nulls";

/** Checked request of an operation. */
export interface ApiRequest extends CheckedRequest {
  readonly method: string;
  readonly path: string;
  /** Subject of the caller's token; `anonymous` without a token. */
  readonly caller: string;
}

/** Response of an operation. A body is sent as JSON. */
export interface ApiResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Write that the request made, for the log; absent if it wrote nothing. */
  readonly written?: WrittenVersion;
}

/** Identity of a write: the replication function of the region logs the same ticket id and version. */
export interface WrittenVersion {
  readonly ticketId: string;
  readonly version: string;
}

/** Operation of the API. @throws Problem for every request that it rejects. */
export type Operation = (request: ApiRequest) => Promise<ApiResponse>;

/** Lambda handler of an HTTP API with payload format 2.0. */
export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Returns the handler of an operation of the OpenAPI document. The handler checks a request against the document before it calls the
 * operation, and responds as `eventHandler` does.
 */
export function apiHandler(operationId: OperationId, operation: Operation): ApiHandler {
  const check = requestCheck(operationId);
  return eventHandler((event) => {
    const { method, path } = event.requestContext.http;
    return operation({ method, path, ...check(event), caller: callerOf(event) });
  });
}

/**
 * Returns the Lambda handler of a function from events to responses. A thrown problem becomes problem details. Every other error is
 * logged and becomes a 500, a 503 if the table is unavailable, or a 504 if a write may have been saved. Every response has the region and the request id. The log has one
 * line per request under this id, without any text of the client.
 */
export function eventHandler(respond: (event: APIGatewayProxyEventV2) => Promise<ApiResponse>): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return async (received, context) => {
    const present: Partial<APIGatewayProxyEventV2> = withoutNulls(received);
    const event = { headers: {}, rawQueryString: "", ...present } as APIGatewayProxyEventV2;
    const start = Date.now();
    const fields = requestFields(event, context);
    let response: ApiResponse;
    let text: string;
    try {
      response = await respond(event);
      text = textOf(response);
    } catch (error) {
      const isRejection = isProblem(error) && !mayBeSaved(error);
      response = problemResponse(isRejection ? error : unexpected(error, fields), fields);
      text = textOf(response);
    }
    const { status, body, headers, written } = response;
    log({
      level: "INFO",
      message: ANSWERED,
      ...fields,
      ...written,
      status,
      milliseconds: Date.now() - start,
    });
    return {
      statusCode: status,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        "cache-control": "no-store",
        ...headers,
        "x-served-by": region,
        "x-request-id": fields.requestId,
      },
      body: text,
    };
  };
}

function textOf({ body }: ApiResponse): string {
  return body === undefined ? "" : JSON.stringify(body);
}

/** Fields of the request in every log line. */
interface RequestFields {
  /** Request id of API Gateway; also in its access log. */
  readonly requestId: string;
  /** Request id of Lambda; also in the log lines of its runtime. */
  readonly lambdaRequestId: string;
  readonly route: string;
  readonly ticketId?: string;
}

function requestFields(
  { requestContext, routeKey, pathParameters }: APIGatewayProxyEventV2,
  { awsRequestId }: Context,
): RequestFields {
  const { requestId } = requestContext;
  const id = pathParameters?.id;
  // Any other text in a path can be personal data and is not logged.
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

function problemResponse({ problem: details, headers }: Problem, { requestId }: RequestFields): ApiResponse {
  return {
    status: details.status,
    body: { type: "about:blank", ...details, requestId },
    headers: { "content-type": "application/problem+json", ...headers },
  };
}

function unexpected(error: unknown, fields: RequestFields): Problem {
  const { name, message, stack } = error as Error;
  log({ level: "ERROR", ...fields, name, message, stack });
  if (mayBeSaved(error))
    return problem(
      504,
      "Result unknown",
      "The ticket table did not respond to the write, which may or may not have been saved. Send the request again with the same " +
        "Idempotency-Key or If-Match. Without them, read first what was saved.",
      {
        headers: { "retry-after": "1" },
      },
    );
  if (isServiceError(error))
    return problem(
      503,
      "Region unavailable",
      "The ticket table did not respond. Nothing was written. Retry, or send the request to the other region.",
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
