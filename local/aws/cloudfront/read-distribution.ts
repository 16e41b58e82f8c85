import { X509Certificate } from "node:crypto";
import { expectOneOf, inputError } from "../inputs";
import type { DeclaredResource } from "../resource";
import { errorRulesOf } from "./error-rules";
import type { CachePolicy, Distribution, Origin, PolicyHeader, Shared, ViewerProtocolPolicy } from "./model";
import { RESPONSE_TIMEOUT } from "./origins";

/** Other resources that a distribution's inputs refer to. */
export interface DistributionContext {
  readonly cachePolicies: Finder<CachePolicy>;
  readonly headersPolicies: Finder<readonly PolicyHeader[]>;
  readonly originAccessControls: Finder<void>;
  /** @throws Error when there is no issued certificate of this ARN. */
  readonly certificateOf: (arn: string) => string;
  /** @throws Error when there is no bucket at this domain name. */
  readonly checkBucket: (domainName: string) => void;
}

interface Finder<T> {
  find(id: string): Shared<T> | undefined;
}

type Inputs = DeclaredResource["inputs"];

const PROTOCOL_POLICIES: readonly ViewerProtocolPolicy[] = ["allow-all", "https-only", "redirect-to-https"];
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html */
const FAILOVER_STATUSES = [400, 403, 404, 416, 429, 500, 502, 503, 504];
/** Security policies with TLS 1.2 as the oldest version: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html */
const TLS_1_2 = ["TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025"];

/**
 * Reads the inputs of an `aws:cloudfront/distribution:Distribution` of S3 buckets with one cache behavior.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
 * @throws Error that names an input that is not supported.
 */
export function readDistribution(
  { id, arn, domainName }: Pick<Distribution, "id" | "arn" | "domainName">,
  inputs: Inputs,
  context: DistributionContext,
): Distribution {
  expectOneOf("enabled", inputs.enabled, [true, false]);
  expectOneOf(
    "restrictions.geoRestriction.restrictionType",
    inputs.restrictions?.geoRestriction?.restrictionType,
    ["none"],
  );
  const aliases = ((inputs.aliases ?? []) as string[]).map((alias) => alias.toLowerCase());
  return {
    id,
    arn,
    domainName,
    enabled: inputs.enabled,
    aliases,
    certificateArn: certificateOf(inputs, context, aliases),
    defaultRootObject: rootObjectOf(inputs.defaultRootObject),
    errorRules: errorRulesOf(inputs),
    ...originsOf(inputs, context, arn),
    ...behaviorOf(inputs, context),
  };
}

function rootObjectOf(key: unknown): string | undefined {
  if (typeof key === "string" && key.startsWith("/"))
    throw inputError("defaultRootObject", `${key} begins with a slash; give the object's key.`);
  return (key as string | undefined) || undefined;
}

function certificateOf(
  inputs: Inputs,
  { certificateOf: find }: DistributionContext,
  aliases: readonly string[],
): string | undefined {
  const input = "viewerCertificate";
  const certificate = inputs[input] ?? {};
  if (certificate.cloudfrontDefaultCertificate === true) return checkDefaultCertificate(certificate, aliases);
  expectOneOf(`${input}.sslSupportMethod`, certificate.sslSupportMethod, ["sni-only"]);
  expectOneOf(`${input}.minimumProtocolVersion`, certificate.minimumProtocolVersion, TLS_1_2);
  const arn = String(certificate.acmCertificateArn);
  if (arn.split(":")[3] !== "us-east-1")
    throw inputError(
      `${input}.acmCertificateArn`,
      `${arn} is not in us-east-1, the only region that CloudFront accepts.`,
    );
  const x509 = new X509Certificate(find(arn));
  const uncovered = aliases.find((alias) => x509.checkHost(alias) === undefined);
  if (uncovered !== undefined)
    throw inputError(
      `${input}.acmCertificateArn`,
      `${arn} does not cover the alias ${uncovered}; it covers ${x509.subjectAltName}.`,
    );
  return arn;
}

/**
 * Checks the settings of a distribution with CloudFront's own certificate. The policy `TLSv1` is the only one that it allows.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
 */
function checkDefaultCertificate(certificate: Inputs, aliases: readonly string[]): undefined {
  const input = "viewerCertificate";
  expectOneOf(`${input}.minimumProtocolVersion`, certificate.minimumProtocolVersion ?? "TLSv1", ["TLSv1"]);
  expectOneOf(`${input}.acmCertificateArn`, certificate.acmCertificateArn, [undefined]);
  if (aliases.length > 0)
    throw inputError(
      input,
      `InvalidViewerCertificate: CloudFront's own certificate does not cover the alias ${aliases[0]}. Set acmCertificateArn.`,
    );
}

function behaviorOf(
  inputs: Inputs,
  { cachePolicies, headersPolicies }: DistributionContext,
): Pick<Distribution, "methods" | "viewerProtocolPolicy" | "compress" | "cachePolicy" | "headersPolicy"> {
  const input = "defaultCacheBehavior";
  const behavior = inputs[input] ?? {};
  const methods = ([...(behavior.allowedMethods ?? [])] as string[]).sort();
  expectOneOf(`${input}.allowedMethods`, methods.join(","), ["GET,HEAD"]);
  expectOneOf(`${input}.viewerProtocolPolicy`, behavior.viewerProtocolPolicy, PROTOCOL_POLICIES);
  const cachePolicy = cachePolicies.find(behavior.cachePolicyId);
  if (!cachePolicy)
    throw inputError(
      `${input}.cachePolicyId`,
      `there is no cache policy ${behavior.cachePolicyId}; AWS's managed ones are not emulated. Declare an aws.cloudfront.CachePolicy.`,
    );
  const headersPolicyId: string | undefined = behavior.responseHeadersPolicyId;
  const headersPolicy = headersPolicyId === undefined ? undefined : headersPolicies.find(headersPolicyId);
  if (headersPolicyId !== undefined && !headersPolicy)
    throw inputError(
      `${input}.responseHeadersPolicyId`,
      `there is no response headers policy ${headersPolicyId}; AWS's managed ones are not emulated.`,
    );
  const { viewerProtocolPolicy } = behavior;
  return { methods, viewerProtocolPolicy, compress: behavior.compress === true, cachePolicy, headersPolicy };
}

function originsOf(
  inputs: Inputs,
  context: DistributionContext,
  distributionArn: string,
): Pick<Distribution, "origins" | "failoverStatuses" | "originAccessControlIds"> {
  const originAccessControlIds: string[] = [];
  const origins = new Map<string, Origin>();
  for (const origin of inputs.origins ?? []) {
    const where = `origins.${origin.originId}`;
    const control: string | undefined = origin.originAccessControlId;
    if (control !== undefined && !context.originAccessControls.find(control))
      throw inputError(`${where}.originAccessControlId`, `there is no origin access control ${control}.`);
    if (control !== undefined) originAccessControlIds.push(control);
    context.checkBucket(origin.domainName);
    const signedAs = { principal: "cloudfront.amazonaws.com", sourceArn: distributionArn };
    origins.set(origin.originId, {
      domainName: origin.domainName,
      signedAs: control ? signedAs : undefined,
      completionTimeout: completionTimeoutOf(`${where}.responseCompletionTimeout`, origin),
    });
  }
  const target: string = inputs.defaultCacheBehavior?.targetOriginId;
  const groups: readonly OriginGroup[] = inputs.originGroups ?? [];
  const group = groups.find(({ originId }) => originId === target);
  const members = group ? group.members.map(({ originId }) => originId) : [target];
  const chosen = members.map((member) => {
    const found = origins.get(member);
    if (found) return found;
    throw inputError("defaultCacheBehavior.targetOriginId", `there is no origin or origin group ${member}.`);
  });
  if (group && chosen.length !== 2)
    throw inputError(`originGroups.${target}.members`, "an origin group has two members.");
  const failoverStatuses = group?.failoverCriteria.statusCodes ?? [];
  for (const status of failoverStatuses)
    expectOneOf(`originGroups.${target}.failoverCriteria.statusCodes`, status, FAILOVER_STATUSES);
  return { origins: chosen, failoverStatuses, originAccessControlIds };
}

/** Returns the limit of a complete response. It must not be less than the response timeout; 0 is no limit. */
function completionTimeoutOf(input: string, { responseCompletionTimeout = 0 }: Inputs): number | undefined {
  if (responseCompletionTimeout === 0) return undefined;
  if (responseCompletionTimeout >= RESPONSE_TIMEOUT) return responseCompletionTimeout;
  throw inputError(
    input,
    `${responseCompletionTimeout} is less than the response timeout of ${RESPONSE_TIMEOUT} seconds.`,
  );
}

interface OriginGroup {
  readonly originId: string;
  readonly members: readonly { readonly originId: string }[];
  readonly failoverCriteria: { readonly statusCodes: readonly number[] };
}
