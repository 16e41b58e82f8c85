import { expectInputs, expectOneOf, expectParts, inputError } from "../inputs";
import type { DeclaredResource } from "../resource";
import type { CachePolicy, PolicyHeader } from "./model";

/**
 * Reads an `aws:cloudfront/cachePolicy:CachePolicy`. Only policies whose cache key is the path are supported.
 * @throws Error that names an input that is not supported.
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
      throw inputError(name, `${JSON.stringify(value)} is not a whole number of seconds, 0 or more.`);
  if (minTtl > defaultTtl || defaultTtl > maxTtl)
    throw inputError("defaultTtl", `${defaultTtl} is not between minTtl and maxTtl.`);
  return {
    minTtl,
    defaultTtl,
    maxTtl,
    gzip: parameters.enableAcceptEncodingGzip === true,
    brotli: parameters.enableAcceptEncodingBrotli === true,
  };
}

/** Header of each field of `securityHeadersConfig`. */
const SECURITY_HEADERS: Readonly<
  // The shapes are defined by the provider's schema, which is not available at run time.
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

/** Headers that cannot be custom headers: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html */
const SECURITY_NAMES = Object.values(SECURITY_HEADERS).map(([name]) => name);

/**
 * Reads the security headers and custom headers of an `aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy`.
 * @throws Error that names an input that is not supported.
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
    throw inputError(
      "customHeadersConfig",
      `${misplaced.name} is a security header; set it in securityHeadersConfig.`,
    );
  return [...security, ...custom];
}

/**
 * Checks an `aws:cloudfront/originAccessControl:OriginAccessControl`, which must sign every request to a bucket.
 * @throws Error that names an input that is not supported.
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
