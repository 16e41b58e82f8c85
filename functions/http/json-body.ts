import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { FieldError, problem } from "./problem";

/** The largest request body, in bytes. */
export const MAXIMUM_BODY_BYTES = 64 * 1024;

/** A token of HTTP: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
/**
 * A media type, its parameters apart; one may be empty. https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
 * Only one part can match the white space between two semicolons: with two, the time to refuse a text grows exponentially.
 */
const MEDIA_TYPE = new RegExp(
  `^(${TOKEN}/${TOKEN})((?:[ \\t]*;(?:[ \\t]*${TOKEN}=(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?)*)[ \\t]*$`,
);
const PARAMETER = new RegExp(`;[ \\t]*(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")`, "g");
/** `application/json`, or another type that is JSON by its suffix (RFC 6839). */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i;
/** What a decoder writes in place of bytes that are not UTF-8. */
const REPLACEMENT_CHARACTER = "\uFFFD";

/** A body that was read, or why it cannot be; neither when there is none. */
export interface JsonBody {
  readonly body?: unknown;
  readonly errors: readonly FieldError[];
}

/**
 * Reads the JSON value of a request's body; of two fields with the same name the last counts. No error contains any of the body.
 * @throws Problem 415 for a body that is not declared as JSON in UTF-8 or is compressed, 413 for one that is too large.
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
  return text === undefined ? wrong("Must be UTF-8.") : parse(text);
}

/**
 * A browser sends any other type from any site without asking first (a "simple request" of
 * https://fetch.spec.whatwg.org/), past the origins that CORS allows.
 */
function refuseOtherTypes(contentType: string): void {
  const [, type = "", parameters = ""] = MEDIA_TYPE.exec(contentType.trim()) ?? [];
  // JSON is UTF-8 (RFC 8259), so that is the only charset it may name; other parameters mean nothing.
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

/** The status and the header of https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16 */
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
 * The text of a body; undefined when its bytes are not UTF-8. API Gateway hands bodies of a text type over as text, with
 * U+FFFD in place of each wrong sequence. Such a body is longer than its content-length, because U+FFFD is three bytes long and a
 * wrong sequence is one or two, except for a character of four bytes that lacks its last.
 * @param isUnchanged whether the bytes are as many as the client sent.
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
    // The parser's own message quotes the text.
    const { message } = error as Error;
    const [, position] = / at position (\d+)/.exec(message) ?? [];
    if (/end of JSON|Unterminated/.test(message)) return wrong("Must be JSON: it ends too early.");
    if (position) return wrong(`Must be JSON: there is an error at position ${position}.`);
    return wrong("Must be JSON: it has an unexpected character.");
  }
}

function wrong(detail: string): JsonBody {
  return { errors: [{ field: "body", detail }] };
}
