import { expectInputs, expectOneOf, expectParts, inputError } from "../inputs";
import type { DeclaredResource } from "../resource";
import type { CachePolicy, PolicyHeader } from "./model";

/**
 * Reads an `aws:cloudfront/cachePolicy:CachePolicy`. An object's path alone is its key in the cache.
 * @throws Error that names the input that cannot be honoured.
 */
export function readCachePolicy(resource: DeclaredResource): CachePolicy {
  expectInputs(resource, [
    "name",
    "comment",
    "minTtl",
    "defaultTtl",
    "maxTtl",
    "parametersInCacheKeyAndForwardedToOrigin",
  ]);
  const { minTtl, defaultTtl = 86_400, maxTtl = 31_536_000 } = resource.inputs;
  const group = "parametersInCacheKeyAndForwardedToOrigin";
  const parameters = resource.inputs[group] ?? {};
  expectParts(resource, group, parameters, [
    "cookiesConfig",
    "headersConfig",
    "queryStringsConfig",
    "enableAcceptEncodingGzip",
    "enableAcceptEncodingBrotli",
  ]);
  for (const [config, behavior] of [
    ["cookiesConfig", "cookieBehavior"],
    ["headersConfig", "headerBehavior"],
    ["queryStringsConfig", "queryStringBehavior"],
  ])
    expectOneOf(`${group}.${config}.${behavior}`, parameters[config]?.[behavior], ["none"]);
  for (const [name, value] of Object.entries({ minTtl, defaultTtl, maxTtl }))
    if (!Number.isInteger(value) || value < 0)
      throw inputError(name, `${JSON.stringify(value)} is not a whole number of seconds from 0.`);
  if (minTtl > defaultTtl || defaultTtl > maxTtl)
    throw inputError("defaultTtl", `${defaultTtl} does not lie between minTtl and maxTtl.`);
  return {
    minTtl,
    defaultTtl,
    maxTtl,
    gzip: parameters.enableAcceptEncodingGzip === true,
    brotli: parameters.enableAcceptEncodingBrotli === true,
  };
}

/** The headers that each part of `securityHeadersConfig` makes. */
const SECURITY_HEADERS: Readonly<
  // The shapes come from the provider's schema, which has no runtime form here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  Record<string, readonly [name: string, value: (part: any) => string]>
> = {
  contentSecurityPolicy: ["content-security-policy", (part) => part.contentSecurityPolicy],
  contentTypeOptions: ["x-content-type-options", () => "nosniff"],
  frameOptions: ["x-frame-options", (part) => part.frameOption],
  referrerPolicy: ["referrer-policy", (part) => part.referrerPolicy],
  strictTransportSecurity: [
    "strict-transport-security",
    ({ accessControlMaxAgeSec, includeSubdomains, preload }) =>
      [
        `max-age=${accessControlMaxAgeSec}`,
        ...(includeSubdomains ? ["includeSubDomains"] : []),
        ...(preload ? ["preload"] : []),
      ].join("; "),
  ],
};

/** Headers that a custom header cannot be: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html */
const SECURITY_NAMES = Object.values(SECURITY_HEADERS).map(([name]) => name);

/**
 * Reads an `aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy`: security headers and custom ones.
 * @throws Error that names the input that cannot be honoured.
 */
export function readResponseHeadersPolicy(resource: DeclaredResource): PolicyHeader[] {
  expectInputs(resource, ["name", "comment", "securityHeadersConfig", "customHeadersConfig"]);
  const { securityHeadersConfig = {}, customHeadersConfig } = resource.inputs;
  expectParts(resource, "securityHeadersConfig", securityHeadersConfig, Object.keys(SECURITY_HEADERS));
  const security = Object.entries(SECURITY_HEADERS)
    .filter(([part]) => securityHeadersConfig[part] !== undefined)
    .map(([part, [name, valueOf]]) => ({
      name,
      value: valueOf(securityHeadersConfig[part]),
      override: securityHeadersConfig[part].override === true,
    }));
  const items: readonly { header: string; value: string; override: boolean }[] =
    customHeadersConfig?.items ?? [];
  const custom = items.map(({ header, value, override }) => ({
    name: header.toLowerCase(),
    value,
    override: override === true,
  }));
  const misplaced = custom.find(({ name }) => SECURITY_NAMES.includes(name));
  if (misplaced)
    throw inputError("customHeadersConfig", `${misplaced.name} belongs into securityHeadersConfig.`);
  return [...security, ...custom];
}

/**
 * Checks an `aws:cloudfront/originAccessControl:OriginAccessControl`: every request to a bucket is signed.
 * @throws Error that names the input that cannot be honoured.
 */
export function checkOriginAccessControl(resource: DeclaredResource): void {
  expectInputs(resource, [
    "name",
    "description",
    "originAccessControlOriginType",
    "signingBehavior",
    "signingProtocol",
  ]);
  const { inputs } = resource;
  expectOneOf("originAccessControlOriginType", inputs.originAccessControlOriginType, ["s3"]);
  expectOneOf("signingBehavior", inputs.signingBehavior, ["always"]);
  expectOneOf("signingProtocol", inputs.signingProtocol, ["sigv4"]);
}
