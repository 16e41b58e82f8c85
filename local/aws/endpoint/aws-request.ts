import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ServiceError } from "./service-errors";

/** What signed the request: the parts of SigV4's credential scope that matter here. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name, such as `dynamodb`. */
  readonly service: string;
}

/** A signed call of an AWS API. */
export interface AwsRequest {
  readonly method: string;
  /** As it was sent: encoded, and not normalized, so that it is read as the service reads it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty for a request whose mapper does not read it. */
  readonly body: Buffer;
  readonly scope: CredentialScope;
}

/** One permission that a request needs; every one of a request's must be allowed. */
export interface RequiredPermission {
  /** IAM action, such as `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN, or `*` for an action on no particular resource. */
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** What one service's requests need, and what there is to learn from its answers. */
export interface PermissionMapper {
  /** Whether `accessesOf` reads the body; otherwise the body is streamed through. */
  readsBody(request: AwsRequest): boolean;
  /** @throws ServiceError when the operation or its parameters cannot be mapped. */
  permissionsFor(request: AwsRequest): readonly RequiredPermission[] | Promise<readonly RequiredPermission[]>;
  /** A function that is given the answer's body when the request succeeds; undefined lets the answer stream through. */
  observerOf?(request: AwsRequest): ((answer: Buffer) => void) | undefined;
}

/**
 * Reads the scope from the Authorization header, or from a presigned URL's query.
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
 * The operation that X-Amz-Target names, without the API's prefix.
 * @returns undefined when the header is absent or of another API.
 */
export function targetOperation(request: AwsRequest, prefix: string): string | undefined {
  const target = String(request.headers["x-amz-target"] ?? "");
  return target.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : undefined;
}

/** The JSON object in the body. @throws ServiceError SerializationException for anything else. */
export function jsonBodyOf(request: AwsRequest): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(request.body.toString("utf8")));
  } catch {
    throw new ServiceError(400, "SerializationException", "The request's body is not a JSON object.");
  }
}

/** The value as an object. @throws ServiceError SerializationException for anything else. */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ServiceError(400, "SerializationException", `${JSON.stringify(value)} is not an object.`);
}

/** A member that must be a non-empty string. @throws ServiceError ValidationException otherwise. */
export function stringOf(input: Readonly<Record<string, unknown>>, member: string): string {
  const value = input[member];
  if (typeof value === "string" && value !== "") return value;
  throw new ServiceError(400, "ValidationException", `${member} is missing or not a string.`);
}

/**
 * Reads a message's body whole.
 * @param limit bytes.
 * @throws ServiceError 413 when there are more.
 */
export async function readAll(message: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection must outlive a refused body: the refusal is sent on it.
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new ServiceError(413, "RequestEntityTooLarge", `The body has more than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
