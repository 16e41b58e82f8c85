import { expectOneOf, inputError } from "../inputs";
import type { DeclaredResource } from "../resource";
import type { ErrorRule } from "./model";

/** Statuses that can have a rule: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomErrorResponse.html */
const ERROR_STATUSES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
/** Error caching minimum TTL without a value, in seconds. */
const DEFAULT_SECONDS = 10;

/**
 * Reads the input `customErrorResponses` of a distribution.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 * @throws Error that names an input that CloudFront rejects.
 */
export function errorRulesOf({
  customErrorResponses = [],
}: DeclaredResource["inputs"]): ReadonlyMap<number, ErrorRule> {
  const rules = new Map<number, ErrorRule>();
  for (const { errorCode, errorCachingMinTtl, responseCode, responsePagePath } of customErrorResponses) {
    const input = `customErrorResponses.${errorCode}`;
    expectOneOf(`${input}.errorCode`, errorCode, ERROR_STATUSES);
    if (rules.has(errorCode)) throw inputError(input, "a status has one custom error response.");
    if ((responseCode === undefined) !== (responsePagePath === undefined))
      throw inputError(input, "responseCode and responsePagePath need each other.");
    if (responsePagePath !== undefined && !String(responsePagePath).startsWith("/"))
      throw inputError(`${input}.responsePagePath`, `${responsePagePath} must begin with a slash.`);
    const page =
      responsePagePath === undefined ? undefined : { path: responsePagePath, status: Number(responseCode) };
    rules.set(errorCode, { cachingSeconds: errorCachingMinTtl ?? DEFAULT_SECONDS, page });
  }
  return rules;
}
