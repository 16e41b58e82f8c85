import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { escapeMarkup } from "../../../shared/escape-markup";

/** Error that is returned to the caller in the service's own error format. */
export class ServiceError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Name of the error in the service's API, such as `AccessDeniedException`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ServiceError";
  }
}

/** 403 error for an operation whose required permissions the endpoint does not know. It must not pass unchecked. */
export function notMapped(operation: string): ServiceError {
  return new ServiceError(
    403,
    "AccessDeniedException",
    `The local cloud cannot check the permissions of ${operation}, so it denies the call.`,
  );
}

/** Services of the endpoint. Each has its own error format. */
export type ServiceName = "dynamodb" | "sqs" | "s3";

/** The service's error for a request without credentials, or with credentials that the local cloud did not issue. */
export function unknownCredentials(service: ServiceName, headers: IncomingHttpHeaders): ServiceError {
  const problem = headers.authorization === undefined ? "has no credentials" : "has unknown credentials";
  if (service === "s3")
    return new ServiceError(403, "InvalidAccessKeyId", `The request ${problem}: no such AWS Access Key Id.`);
  return service === "sqs"
    ? new ServiceError(403, "InvalidClientTokenId", `The request ${problem}: the security token is invalid.`)
    : new ServiceError(
        400,
        "UnrecognizedClientException",
        `The request ${problem}: the security token is invalid.`,
      );
}

/** The service's error for an action that the caller's role does not allow. */
export function accessDenied(service: ServiceName, reason: string): ServiceError {
  if (service === "s3") return new ServiceError(403, "AccessDenied", `User: ${reason}`);
  return new ServiceError(service === "sqs" ? 403 : 400, "AccessDeniedException", `User: ${reason}`);
}

/**
 * Sends an error in the service's format: XML for S3, JSON for the others.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function sendServiceError(
  request: IncomingMessage,
  response: ServerResponse,
  service: ServiceName,
  error: ServiceError,
): void {
  // Unread bytes of the body would block the next request on the connection.
  request.resume();
  const requestId = randomUUID();
  if (service === "s3") return sendXmlError(response, requestId, error);
  response.writeHead(error.status, {
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": requestId,
    ...(service === "sqs" && { "x-amzn-query-error": `${error.code};Sender` }),
  });
  const namespace = service === "sqs" ? "com.amazonaws.sqs" : "com.amazon.coral.service";
  response.end(JSON.stringify({ __type: `${namespace}#${error.code}`, message: error.message }));
}

function sendXmlError(response: ServerResponse, requestId: string, error: ServiceError): void {
  response.writeHead(error.status, { "content-type": "application/xml", "x-amz-request-id": requestId });
  response.end(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${error.code}</Code><Message>${escapeMarkup(error.message)}</Message>` +
      `<RequestId>${requestId}</RequestId></Error>`,
  );
}
