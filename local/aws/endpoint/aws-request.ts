import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ServiceError, type ServiceName } from "./service-errors";

/** Access key, region and service of a SigV4 credential scope. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name, such as `dynamodb`. */
  readonly service: string;
}

/** Signed request to an AWS API. */
export interface AwsRequest {
  readonly method: string;
  /** Path as it was sent, encoded and not normalized, so that it is interpreted as by the service. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Body; empty if the request's mapper does not read it. */
  readonly body: Buffer;
  readonly scope: CredentialScope;
}

/** Permission that a request requires. All permissions of a request must be allowed. */
export interface RequiredPermission {
  /** IAM action, such as `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN, or `*` for an action without a resource. */
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Maps the requests of one service to the permissions that they require. */
export interface PermissionMapper {
  /** Returns whether `permissionsFor` reads the body. If not, the body is streamed. */
  readsBody(request: AwsRequest): boolean;
  /** @throws ServiceError if the operation or its parameters cannot be mapped. */
  permissionsFor(request: AwsRequest): readonly RequiredPermission[] | Promise<readonly RequiredPermission[]>;
  /** Returns the ARN of the customer managed key of KMS that encrypts a resource of the request; undefined without one. */
  keyOf?(request: AwsRequest, resource: string): string | undefined | Promise<string | undefined>;
  /** Returns a function that receives the body of a successful response. If undefined, the response is streamed. */
  observerOf?(request: AwsRequest): ((body: Buffer) => void) | undefined;
}

/**
 * Reads the credential scope from the Authorization header, or from the query of a presigned URL.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 * @returns undefined for an unsigned request.
 */
export function credentialScopeOf(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): CredentialScope | undefined {
  const credential =
    /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ??
    query.get("X-Amz-Credential");
  const match = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential ?? "");
  return match ? { accessKeyId: match[1], region: match[2], service: match[3] } : undefined;
}

/**
 * Operation in the X-Amz-Target header, without the API's prefix.
 * @returns undefined if the header is absent or has another prefix.
 */
export function targetOperation(request: AwsRequest, prefix: string): string | undefined {
  const target = String(request.headers["x-amz-target"] ?? "");
  return target.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : undefined;
}

/** Parses the body as a JSON object. @throws ServiceError SerializationException for anything else. */
export function jsonBodyOf(request: AwsRequest): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(request.body.toString("utf8")));
  } catch {
    throw new ServiceError(400, "SerializationException", "The request's body is not a JSON object.");
  }
}

/** Returns the value as an object. @throws ServiceError SerializationException for anything else. */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ServiceError(400, "SerializationException", `${JSON.stringify(value)} is not an object.`);
}

/** Returns a member that must be a non-empty string. @throws ServiceError ValidationException otherwise. */
export function stringOf(input: Readonly<Record<string, unknown>>, member: string): string {
  const value = input[member];
  if (typeof value === "string" && value !== "") return value;
  throw new ServiceError(400, "ValidationException", `${member} is missing or not a string.`);
}

/**
 * Reads the whole body of a message.
 * @param limit maximum size in bytes.
 * @throws ServiceError 413 if the body is larger.
 */
export async function readAll(message: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection must stay open after a rejected body, because the error is sent on it.
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new ServiceError(413, "RequestEntityTooLarge", `The body has more than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Service whose error format the caller expects: the signed service, or the one of the X-Amz-Target header. */
export function serviceOf(signed: string | undefined, request: IncomingMessage): ServiceName {
  if (signed === "dynamodb" || signed === "sqs" || signed === "s3") return signed;
  const target = String(request.headers["x-amz-target"] ?? "");
  if (target.startsWith("AmazonSQS.")) return "sqs";
  return target !== "" || signed !== undefined ? "dynamodb" : "s3";
}
