import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { FieldError, problem } from "./problem";

/** Maximum size of a request body in bytes. */
export const MAXIMUM_BODY_BYTES = 64 * 1024;

/** HTTP token: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
/**
 * Media type and its parameters, which can be empty. https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
 * Only one part can match the white space between two semicolons. With two, the time to reject a text would grow exponentially.
 */
const MEDIA_TYPE = new RegExp(
  `^(${TOKEN}/${TOKEN})((?:[ \\t]*;(?:[ \\t]*${TOKEN}=(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?)*)[ \\t]*$`,
);
const PARAMETER = new RegExp(`;[ \\t]*(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")`, "g");
/** `application/json`, or a type with the suffix `+json` (RFC 6839). */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i;
/** Character that a decoder writes in place of bytes that are not UTF-8. */
const REPLACEMENT_CHARACTER = "\uFFFD";

/** Parsed body, or the reason why it is invalid; neither for an empty body. */
export interface JsonBody {
  readonly body?: unknown;
  readonly errors: readonly FieldError[];
}

/**
 * Parses the JSON body of a request. Of two fields with the same name, the last counts. No error contains text of the body.
 * @throws Problem 415 if the body is not declared as JSON in UTF-8 or is compressed; 413 if it is too large.
 */
export function jsonBody(
  event: Pick<APIGatewayProxyEventV2, "body" | "headers" | "isBase64Encoded">,
): JsonBody {
  const { headers } = event;
  refuseOtherTypes(headers["content-type"] ?? "");
  refuseEncodings(headers["content-encoding"] ?? "");
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > MAXIMUM_BODY_BYTES)
    throw problem(
      413,
      "Request body too large",
      `The body has ${bytes.length} bytes. At most ${MAXIMUM_BODY_BYTES} are allowed.`,
    );
  if (bytes.length === 0) return { errors: [] };
  const isUnchanged = event.isBase64Encoded || headers["content-length"] === String(bytes.length);
  const text = decodedText(bytes, isUnchanged);
  return text === undefined ? invalid("Must be UTF-8.") : parse(text);
}

/**
 * Rejects other content types. From any site, a browser sends some of them without a preflight request ("simple request" of
 * https://fetch.spec.whatwg.org/), which bypasses the allowed origins of CORS.
 */
function refuseOtherTypes(contentType: string): void {
  const [, type = "", parameters = ""] = MEDIA_TYPE.exec(contentType.trim()) ?? [];
  // JSON is UTF-8 (RFC 8259), so no other charset is valid. Other parameters have no meaning.
  const charsets = [...parameters.matchAll(PARAMETER)]
    .filter(([, name]) => name.toLowerCase() === "charset")
    .map(([, , token, quoted = ""]) => (token ?? quoted.replace(/\\(.)/g, "$1")).toLowerCase());
  if (JSON_TYPE.test(type) && charsets.every((charset) => charset === "utf-8")) return;
  const got = contentType === "" ? "missing" : JSON.stringify(contentType);
  throw problem(
    415,
    "Unsupported content type",
    `The content type is ${got}. Send JSON in UTF-8 with the header content-type: application/json.`,
    { headers: { accept: "application/json" } },
  );
}

/** Rejects compressed bodies. Status and header: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16 */
function refuseEncodings(contentEncoding: string): void {
  const codings = contentEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  if (codings.every((coding) => coding === "" || coding === "identity")) return;
  throw problem(
    415,
    "Unsupported content encoding",
    `The content encoding is ${JSON.stringify(contentEncoding)}. Send the body uncompressed, without the header content-encoding.`,
    { headers: { accept: "application/json", "accept-encoding": "identity" } },
  );
}

/**
 * Decodes a body; returns undefined if its bytes are not UTF-8. API Gateway passes bodies of a text type as text, with U+FFFD in place
 * of each invalid sequence. Such a body is longer than its content-length, because U+FFFD has three bytes and an invalid sequence has
 * one or two. The exception is a character of four bytes without its last byte.
 * @param isUnchanged whether the body has as many bytes as the client sent.
 */
function decodedText(bytes: Buffer, isUnchanged: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return isUnchanged || !text.includes(REPLACEMENT_CHARACTER) ? text : undefined;
  } catch {
    return undefined;
  }
}

function parse(text: string): JsonBody {
  try {
    return { body: JSON.parse(text), errors: [] };
  } catch (error) {
    // The message of the parser quotes the body, so it is not used.
    const { message } = error as Error;
    const [, position] = / at position (\d+)/.exec(message) ?? [];
    if (/end of JSON|Unterminated/.test(message)) return invalid("Must be JSON: it ends too early.");
    if (position) return invalid(`Must be JSON: there is an error at position ${position}.`);
    return invalid("Must be JSON: it has an unexpected character.");
  }
}

function invalid(detail: string): JsonBody {
  return { errors: [{ field: "body", detail }] };
}
