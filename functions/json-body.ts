import type { ApiRequest } from "./api";
import { problem } from "./problem";

/** `application/json` or another JSON type; JSON is UTF-8 (RFC 8259), so that is the only charset it may name. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The body of a request that says it is JSON. A browser sends any other type from any site without asking first (a
 * "simple request" of https://fetch.spec.whatwg.org/), past the origins that CORS allows.
 * @throws Problem 415 for every other content type, and for none.
 */
export function jsonBody({ body, contentType }: Pick<ApiRequest, "body" | "contentType">): string {
  if (JSON_TYPE.test(contentType.trim())) return body;
  const got = contentType === "" ? "no content type" : JSON.stringify(contentType);
  throw problem(
    415,
    "The body must be JSON",
    `The request has ${got}; send JSON in UTF-8 with the header content-type: application/json.`,
    { headers: { accept: "application/json" } },
  );
}
