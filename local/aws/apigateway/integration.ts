import { gatewayResponse, type FunctionInvoker, type HttpResponse, type Integration } from "./model";
import { parseLambdaResponse } from "./lambda-response";

/** Result of a call to an integration. */
export interface IntegrationResult {
  readonly response: HttpResponse;
  /** Milliseconds from the call to the response. */
  readonly latencyMs: number;
  /** Reason why API Gateway generated the response itself, for `$context.integrationErrorMessage` of the access log. */
  readonly error: string | undefined;
}

/** Value of `IntegrationResult.error` when the function's resource policy denies the call. */
export const NOT_PERMITTED =
  "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. " +
  "Check the permissions and try again.";

/**
 * Invokes a function for a request. Returns 500 for a function error, a denied call or a malformed response, 503 when the
 * integration times out, and 413 when the event is too large for Lambda (6 MB, below API Gateway's own limit):
 * `RequestTooLargeException` of https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * @param sourceArn ARN of the route in its stage, which the function's resource policy must permit.
 */
export async function callIntegration(
  lambda: FunctionInvoker,
  { functionArn, timeoutMs }: Pick<Integration, "functionArn" | "timeoutMs">,
  sourceArn: string,
  event: unknown,
): Promise<IntegrationResult> {
  const calledAt = performance.now();
  const result = (response: HttpResponse, error?: string): IntegrationResult => ({
    response,
    latencyMs: Math.round(performance.now() - calledAt),
    error,
  });
  const failure = (error: string): IntegrationResult =>
    result(gatewayResponse(500, "Internal Server Error"), error);
  if (!lambda.permits(functionArn, "apigateway.amazonaws.com", sourceArn)) return failure(NOT_PERMITTED);
  try {
    const pausedMs = (): number => lambda.pausedMs?.(functionArn) ?? 0;
    const invocation = await within(timeoutMs, pausedMs, lambda.invoke(functionArn, event));
    if (!invocation)
      return result(gatewayResponse(503, "Service Unavailable"), `No response within ${timeoutMs} ms.`);
    if ("functionError" in invocation) {
      const { errorType, errorMessage } = invocation.functionError;
      return failure(`The Lambda function returned the following error: ${errorType}: ${errorMessage}`);
    }
    return result(parseLambdaResponse(invocation.payload));
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "RequestTooLargeException")
      return result(gatewayResponse(413, "Request Entity Too Large"), message);
    return failure(message);
  }
}

/**
 * Returns the ARN of a route in its stage, which the function's resource policy is evaluated with.
 * See "Amazon Resource Name (ARN) reference",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function sourceArnOf(executionArn: string, stage: string, method: string, routeKey: string): string {
  const route = routeKey === "$default" ? routeKey : `${method}${routeKey.slice(routeKey.indexOf("/"))}`;
  return `${executionArn}/${stage}/${route}`;
}

/** Interval in which a paused function is looked at, in milliseconds. */
const PAUSE_CHECK_MS = 100;

/**
 * Returns the value of a promise, or undefined when it takes longer than the timeout; a later result is ignored.
 * @param pausedMs returns the time until now that does not count.
 */
async function within<T>(
  timeoutMs: number,
  pausedMs: () => number,
  promise: Promise<T>,
): Promise<T | undefined> {
  const end = performance.now() + timeoutMs - pausedMs();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    const check = (): void => {
      const leftMs = end + pausedMs() - performance.now();
      // A timer may end a fraction of a millisecond early.
      if (leftMs < 1) resolve(undefined);
      else timer = setTimeout(check, Math.max(leftMs, PAUSE_CHECK_MS));
    };
    timer = setTimeout(check, timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
