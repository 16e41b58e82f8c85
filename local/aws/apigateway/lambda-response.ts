import { validateHeaderName, validateHeaderValue } from "node:http";
import type { HttpResponse } from "./model";

/** Headers that API Gateway sets itself, and hop-by-hop headers. */
const DROPPED = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Converts the return value of a function in payload format 2.0: an object with a `statusCode` is the response; any other value is
 * the body of a 200 of type application/json.
 * See "Create AWS Lambda proxy integrations for HTTP APIs",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @throws Error that names the malformed field; API Gateway then returns 500.
 */
export function parseLambdaResponse(payload: unknown): HttpResponse {
  if (!isObject(payload) || payload.statusCode === undefined) return inferred(payload);
  return {
    status: statusOf(payload.statusCode),
    headers: { "content-type": "text/plain;charset=UTF-8", ...headersOf(payload.headers) },
    cookies: cookiesOf(payload.cookies),
    body: bodyOf(payload.body, payload.isBase64Encoded),
  };
}

function inferred(payload: unknown): HttpResponse {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload ?? null);
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(text),
  };
}

function statusOf(value: unknown): number {
  const status = typeof value === "string" ? Number(value) : value;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599)
    throw wrongField("statusCode", value);
  return status;
}

function headersOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw wrongField("headers", value);
  const headers: Record<string, string> = {};
  for (const [name, header] of Object.entries(value)) {
    if (!["string", "number", "boolean"].includes(typeof header)) throw wrongField(`headers.${name}`, header);
    validateHeaderName(name);
    validateHeaderValue(name, String(header));
    if (!DROPPED.has(name.toLowerCase())) headers[name.toLowerCase()] = String(header);
  }
  return headers;
}

function cookiesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongField("cookies", value);
  return value.map((cookie: unknown) => {
    if (typeof cookie !== "string") throw wrongField("cookies", cookie);
    validateHeaderValue("set-cookie", cookie);
    return cookie;
  });
}

function bodyOf(value: unknown, isBase64Encoded: unknown): Buffer {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== "string") throw wrongField("body", value);
  return Buffer.from(value, isBase64Encoded === true ? "base64" : "utf8");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongField(field: string, value: unknown): Error {
  return new Error(
    "The response from the Lambda function doesn't match the format that API Gateway expects. " +
      `Lambda response contains a wrong value for field "${field}": ${JSON.stringify(value)}`,
  );
}
