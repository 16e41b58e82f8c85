import type * as dynamodb from "@aws-sdk/client-dynamodb";
import { isServiceError } from "./aws";
import { isWritten } from "./conditional-write";

/** Error of a request that may have written its item. */
interface UncertainError extends Error {
  readonly mayBeSaved: true;
}

/** Codes of connections that were never opened, so that nothing was sent: https://nodejs.org/api/errors.html#common-system-errors */
const NOT_SENT = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"];

/**
 * Sends a conditional write. The SDK sends it again after errors, and the error that it throws is the one of the last attempt. An
 * earlier attempt may have been applied: DynamoDB can write an item and respond too late, or not at all.
 * @returns true if the item was written, false if the condition was false, and undefined if the condition was false after an attempt
 * that may have been applied. That attempt may have made the condition false.
 * @throws every other error of the last attempt; `mayBeSaved` of it is true if any attempt may have been applied.
 */
export async function sendConditionalWrite(
  client: dynamodb.DynamoDBClient,
  command: dynamodb.PutItemCommand | dynamodb.UpdateItemCommand,
): Promise<boolean | undefined> {
  const write = command as dynamodb.PutItemCommand;
  let isUncertain = false;
  const noted = async <T>(request: Promise<T>): Promise<T> => {
    try {
      return await request;
    } catch (error) {
      isUncertain ||= mayHaveBeenApplied(error);
      throw error;
    }
  };
  // Called once per attempt of the SDK. https://aws.amazon.com/blogs/developer/middleware-stack-modular-aws-sdk-js/
  write.middlewareStack.add((next) => (attempt) => noted(next(attempt)), {
    step: "finalizeRequest",
    name: "noteErrorsOfAttempts",
  });
  // Called once per request of an attempt, which `reconnecting` may repeat: a command's middleware is inside that of its client.
  write.middlewareStack.add((next) => (request) => noted(next(request)), {
    step: "deserialize",
    priority: "low",
    name: "noteErrorsOfRequests",
  });
  try {
    const written = await isWritten(client.send(write));
    return written || !isUncertain ? written : undefined;
  } catch (error) {
    throw isUncertain ? asUncertain(error) : error;
  }
}

/** Marks the error of a request that may have written its item. */
export function asUncertain(error: unknown): UncertainError {
  return Object.assign(error instanceof Error ? error : new Error(String(error)), {
    mayBeSaved: true as const,
  });
}

/** Returns whether an error is marked by `asUncertain`. */
export function mayBeSaved(error: unknown): boolean {
  return error instanceof Error && "mayBeSaved" in error;
}

/**
 * Returns whether DynamoDB may have applied the attempt that failed with an error. It applies nothing that it rejects with a 4xx, such
 * as a throttled write. For a 5xx, a timeout and a lost connection, the result is unknown.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
function mayHaveBeenApplied(error: unknown): boolean {
  if (!isServiceError(error)) return false;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  if (NOT_SENT.includes(String(code))) return false;
  const status = $metadata?.httpStatusCode;
  return status === undefined || status < 400 || status >= 500;
}
