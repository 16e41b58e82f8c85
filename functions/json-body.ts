import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { FieldError, problem } from "./problem";

/** The largest request body, in bytes. */
export const MAXIMUM_BODY_BYTES = 64 * 1024;

/** `application/json` or another JSON type; JSON is UTF-8 (RFC 8259), so that is the only charset it may name. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** A body that was read, or why it cannot be; neither when there is none. */
export interface JsonBody {
  readonly body?: unknown;
  readonly errors: readonly FieldError[];
}

/**
 * The JSON value of a request's body; of two fields with the same name the last counts.
 * @throws Problem 415 for a body that does not say it is JSON, 413 for one that is too large.
 */
export function jsonBody(
  event: Pick<APIGatewayProxyEventV2, "body" | "headers" | "isBase64Encoded">,
): JsonBody {
  refuseOtherTypes(event.headers["content-type"] ?? "");
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > MAXIMUM_BODY_BYTES)
    throw problem(
      413,
      "The request body is too large",
      `The body has ${bytes.length} bytes; at most ${MAXIMUM_BODY_BYTES} are allowed.`,
    );
  return bytes.length === 0 ? { errors: [] } : parse(bytes);
}

/**
 * A browser sends any other type from any site without asking first (a "simple request" of
 * https://fetch.spec.whatwg.org/), past the origins that CORS allows.
 */
function refuseOtherTypes(contentType: string): void {
  if (JSON_TYPE.test(contentType.trim())) return;
  const got = contentType === "" ? "no content type" : JSON.stringify(contentType);
  throw problem(
    415,
    "The body must be JSON",
    `The request has ${got}; send JSON in UTF-8 with the header content-type: application/json.`,
    { headers: { accept: "application/json" } },
  );
}

function parse(bytes: Buffer): JsonBody {
  const wrong = (detail: string): JsonBody => ({ errors: [{ field: "body", detail }] });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return wrong("Is not UTF-8.");
  }
  try {
    return { body: JSON.parse(text), errors: [] };
  } catch (error) {
    return wrong(`Is not JSON: ${(error as Error).message}.`);
  }
}
