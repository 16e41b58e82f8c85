import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { escapeMarkup } from "../../../shared/escape-markup";

/** A refusal to be told to the caller in the service's own error shape. */
export class ServiceError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** The error's name in the service's API, such as `AccessDeniedException`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ServiceError";
  }
}

/** A 403 for an operation that the endpoint cannot turn into permissions: it must not pass unchecked. */
export function notMapped(operation: string): ServiceError {
  return new ServiceError(
    403,
    "AccessDeniedException",
    `The local cloud cannot check the permissions of ${operation}, so it refuses the call.`,
  );
}

/** The services that the endpoint knows; each has its own shape of errors. */
export type ServiceName = "dynamodb" | "sqs" | "s3";

/** The service's own error for a request without credentials that were issued here. */
export function unknownCredentials(service: ServiceName, headers: IncomingHttpHeaders): ServiceError {
  const said = headers.authorization === undefined ? "has no credentials" : "has credentials unknown here";
  if (service === "s3")
    return new ServiceError(403, "InvalidAccessKeyId", `The request ${said}: no such AWS Access Key Id.`);
  return service === "sqs"
    ? new ServiceError(403, "InvalidClientTokenId", `The request ${said}: the security token is invalid.`)
    : new ServiceError(
        400,
        "UnrecognizedClientException",
        `The request ${said}: the security token is invalid.`,
      );
}

/** The service's own error for what a role may not do. */
export function accessDenied(service: ServiceName, reason: string): ServiceError {
  if (service === "s3") return new ServiceError(403, "AccessDenied", `User: ${reason}`);
  return new ServiceError(service === "sqs" ? 403 : 400, "AccessDeniedException", `User: ${reason}`);
}

/**
 * Answers with an error as the service would: S3 in XML, the others in JSON.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  service: ServiceName,
  error: ServiceError,
): void {
  // The rest of a body that nobody reads would block the connection's next request.
  request.resume();
  const requestId = randomUUID();
  if (service === "s3") return answerXml(response, requestId, error);
  response.writeHead(error.status, {
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": requestId,
    ...(service === "sqs" && { "x-amzn-query-error": `${error.code};Sender` }),
  });
  const namespace = service === "sqs" ? "com.amazonaws.sqs" : "com.amazon.coral.service";
  response.end(JSON.stringify({ __type: `${namespace}#${error.code}`, message: error.message }));
}

function answerXml(response: ServerResponse, requestId: string, error: ServiceError): void {
  response.writeHead(error.status, { "content-type": "application/xml", "x-amz-request-id": requestId });
  response.end(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${error.code}</Code><Message>${escapeMarkup(error.message)}</Message>` +
      `<RequestId>${requestId}</RequestId></Error>`,
  );
}
