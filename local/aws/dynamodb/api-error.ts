import type { Json } from "./item";

/** Error response of DynamoDB. dynalite's own errors have the same two fields, `statusCode` and `body`. */
export class ApiError extends Error {
  /** @param type shape name of the error with its namespace, the value of `__type`. */
  constructor(
    type: string,
    message: string,
    details: Json = {},
    readonly statusCode: number = 400,
  ) {
    super(message);
    this.body = { __type: type, message, ...details };
  }

  readonly body: Json;
}

/** Error from DynamoDB's API reference, such as `ResourceNotFoundException`. */
export function serviceError(name: string, message: string, details: Json = {}): ApiError {
  return new ApiError(`com.amazonaws.dynamodb.v20120810#${name}`, message, details);
}

export function validationError(message: string): ApiError {
  return new ApiError("com.amazon.coral.validate#ValidationException", message);
}

export function unknownOperation(): ApiError {
  return new ApiError("com.amazon.coral.service#UnknownOperationException", "");
}

/** Returns whether a thrown value is an error response for the caller, from here or from dynalite, and not a bug. */
export function isApiError(error: unknown): error is Error & { statusCode: number; body: Json } {
  return error instanceof Error && "statusCode" in error && "body" in error;
}

/** Name of the error without its namespace, such as `ConditionalCheckFailedException`. */
export function errorName(error: { readonly body: Json }): string {
  return String(error.body["__type"]).split("#").pop() ?? "";
}
