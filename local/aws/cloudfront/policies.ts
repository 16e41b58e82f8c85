import { expectOneOf, inputError } from "../inputs";
import type { DeclaredResource } from "../resource";
import type { CachePolicy, PolicyHeader } from "./model";
import type { SharedKind } from "./shared-resource";

type Inputs = DeclaredResource["inputs"];
/** Kind without the distributions that refer to its resources. */
type Kind<T> = Omit<SharedKind<T>, "usersOf">;

/** `aws:cloudfront/cachePolicy:CachePolicy`. Only policies whose cache key is the path are supported. */
export const CACHE_POLICY: Kind<CachePolicy> = {
  errorPrefix: "CachePolicy",
  arnType: "cache-policy",
  inputs: [
    "name",
    "comment",
    "minTtl",
    "defaultTtl",
    "maxTtl",
    "parametersInCacheKeyAndForwardedToOrigin.cookiesConfig",
    "parametersInCacheKeyAndForwardedToOrigin.headersConfig",
    "parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig",
    "parametersInCacheKeyAndForwardedToOrigin.enableAcceptEncodingGzip",
    "parametersInCacheKeyAndForwardedToOrigin.enableAcceptEncodingBrotli",
  ],
  read: readCachePolicy,
};

function readCachePolicy(inputs: Inputs): CachePolicy {
  const { minTtl, defaultTtl = 86_400, maxTtl = 31_536_000 } = inputs;
  const group = "parametersInCacheKeyAndForwardedToOrigin";
  const parameters = inputs[group] ?? {};
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

/** `aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy`, with its security headers and custom headers. */
export const RESPONSE_HEADERS_POLICY: Kind<readonly PolicyHeader[]> = {
  errorPrefix: "ResponseHeadersPolicy",
  arnType: "response-headers-policy",
  inputs: [
    "name",
    "comment",
    "customHeadersConfig.items",
    ...Object.keys(SECURITY_HEADERS).map((field) => `securityHeadersConfig.${field}`),
  ],
  unordered: ["customHeadersConfig.items"],
  read: readResponseHeadersPolicy,
};

/** Headers that cannot be custom headers: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html */
const SECURITY_NAMES = Object.values(SECURITY_HEADERS).map(([name]) => name);

function readResponseHeadersPolicy(inputs: Inputs): PolicyHeader[] {
  const { securityHeadersConfig = {}, customHeadersConfig } = inputs;
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

/** Maximum length of an origin access control's name: internal/service/cloudfront/origin_access_control.go of terraform-provider-aws. */
const MAX_CONTROL_NAME = 64;

/** `aws:cloudfront/originAccessControl:OriginAccessControl`, which must sign every request to a bucket. */
export const ORIGIN_ACCESS_CONTROL: Kind<void> = {
  errorPrefix: "OriginAccessControl",
  arnType: "origin-access-control",
  inputs: ["name", "description", "originAccessControlOriginType", "signingBehavior", "signingProtocol"],
  read: checkOriginAccessControl,
};

function checkOriginAccessControl(inputs: Inputs): void {
  expectOneOf("originAccessControlOriginType", inputs.originAccessControlOriginType, ["s3"]);
  expectOneOf("signingBehavior", inputs.signingBehavior, ["always"]);
  expectOneOf("signingProtocol", inputs.signingProtocol, ["sigv4"]);
  if (inputs.name.length > MAX_CONTROL_NAME)
    throw inputError("name", `${inputs.name} is longer than ${MAX_CONTROL_NAME} characters.`);
}
