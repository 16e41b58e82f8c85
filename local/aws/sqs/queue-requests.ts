import { arnOf } from "../resource";
import type { LocalFauxqs } from "./fauxqs";

/** Returns the ARN of a queue. */
export function queueArn(region: string, queueUrl: string): string {
  return arnOf("sqs", region, queueUrl.slice(queueUrl.lastIndexOf("/") + 1));
}

/** Request of SQS's JSON protocol to a region. */
interface QueueRequest {
  readonly operation: "CreateQueue" | "DeleteQueue" | "GetQueueAttributes" | "SetQueueAttributes";
  readonly input: Readonly<Record<string, unknown>>;
  /** Host with which the URLs in the response begin. */
  readonly host?: string;
}

/** Response of SQS, as far as it is used. */
interface QueueResponse {
  readonly QueueUrl?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** Rejection by SQS. */
class QueueError extends Error {
  /** @param code error code, such as `QueueDoesNotExist`. */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/**
 * Sends a request to the SQS of a region, also while the region is down.
 * @throws Error that begins with SQS's error code.
 */
export async function sendToQueues(
  fauxqs: Pick<LocalFauxqs, "inject">,
  region: string,
  { operation, input, host }: QueueRequest,
): Promise<QueueResponse> {
  const response = await fauxqs.inject(region, {
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `AmazonSQS.${operation}`,
      ...(host !== undefined && { host }),
    },
    payload: JSON.stringify(input),
  });
  const body = JSON.parse(response.body) as QueueResponse & { __type?: string; message?: string };
  if (response.statusCode === 200) return body;
  throw new QueueError(String(body["__type"]).split("#").pop() as string, body.message ?? response.body);
}

/** Returns the attributes of a queue, or undefined if it does not exist. */
export async function queueAttributes(
  fauxqs: Pick<LocalFauxqs, "inject">,
  region: string,
  queueUrl: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const input = { QueueUrl: queueUrl, AttributeNames: ["All"] };
  const response = await sendToQueues(fauxqs, region, { operation: "GetQueueAttributes", input }).catch(
    undefinedIfMissing,
  );
  return response?.Attributes;
}

/** Returns undefined for the error of a queue that does not exist, and throws any other error. */
export function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof QueueError && error.code === "QueueDoesNotExist") return undefined;
  throw error;
}
