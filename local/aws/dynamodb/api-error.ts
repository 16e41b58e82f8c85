import type { Json } from "./item";

/** An answer of DynamoDB that is an error; dynalite's own errors have the same two fields. */
export class ApiError extends Error {
  /** @param type the error's shape name with its namespace, as it stands in `__type`. */
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

/** An error named in DynamoDB's API reference, such as `ResourceNotFoundException`. */
export function serviceError(name: string, message: string, details: Json = {}): ApiError {
  return new ApiError(`com.amazonaws.dynamodb.v20120810#${name}`, message, details);
}

export function validationError(message: string): ApiError {
  return new ApiError("com.amazon.coral.validate#ValidationException", message);
}

export function unknownOperation(): ApiError {
  return new ApiError("com.amazon.coral.service#UnknownOperationException", "");
}

/** Whether a thrown thing is an answer for the caller, ours or dynalite's, rather than a fault of this program. */
export function isApiError(error: unknown): error is Error & { statusCode: number; body: Json } {
  return error instanceof Error && "statusCode" in error && "body" in error;
}

/** The error's name without its namespace, such as `ConditionalCheckFailedException`. */
export function errorName(error: { readonly body: Json }): string {
  return String(error.body["__type"]).split("#").pop() ?? "";
}
