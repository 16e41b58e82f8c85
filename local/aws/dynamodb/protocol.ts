import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import type { Log } from "../log";
import { ApiError, isApiError } from "./api-error";
import type { Json } from "./item";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html */
const CONTENT_TYPE = "application/x-amz-json-1.0";
const MAXIMUM_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Serves one HTTP request of DynamoDB's JSON protocol. Credentials are not checked.
 * @param handle runs an operation; an error without a `statusCode` becomes InternalServerError.
 * @param read body of the request, if it has already been read.
 */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (target: string, body: Json) => Promise<Json>,
  log: Log,
  read?: Buffer,
): Promise<void> {
  try {
    if (request.method === "GET") return sendResponse(response, 200, "healthy: dynamodb\n");
    const body = parseBody(read ?? (await readBody(request)));
    sendResponse(
      response,
      200,
      JSON.stringify(await handle(String(request.headers["x-amz-target"] ?? ""), body)),
    );
  } catch (error) {
    // The client has disconnected, or its region went down.
    if (request.destroyed && !request.complete) return;
    const apiError = isApiError(error) ? error : internalError(error, log);
    sendResponse(response, apiError.statusCode, JSON.stringify(apiError.body));
  }
}

/** Reads the whole body of a request or response. @throws ApiError if it is longer than 16 MiB. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BODY_BYTES)
      throw new ApiError(
        "com.amazon.coral.service#RequestEntityTooLargeException",
        "The body is over 16 MiB",
        {},
        413,
      );
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** Sends a response with the checksum that AWS SDKs verify. */
export function sendResponse(response: ServerResponse, statusCode: number, body: string | Buffer): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(body);
  response.writeHead(statusCode, {
    "Content-Type": CONTENT_TYPE,
    "Content-Length": bytes.length,
    "x-amz-crc32": crc32(bytes),
    "x-amzn-RequestId": randomUUID(),
  });
  response.end(bytes);
}

/** Error for a fault of the server; AWS SDKs retry it. */
export function internalServerError(message: string): ApiError {
  return new ApiError("com.amazonaws.dynamodb.v20120810#InternalServerError", message, {}, 500);
}

function internalError(error: unknown, log: Log): ApiError {
  log("dynamodb", `a request failed: ${error instanceof Error ? error.stack : String(error)}`);
  return internalServerError("The local DynamoDB failed; see the log of the local cloud.");
}

function parseBody(body: Buffer): Json {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Rejected below, like every other body that is not a JSON object.
  }
  throw new ApiError("com.amazon.coral.service#SerializationException", "The body is not a JSON object.");
}
