import { evaluate } from "../iam/evaluate";
import type { Statement } from "../iam/policy";
import { ACCOUNT, type DeclaredResource } from "../resource";

/** Settings of the public access block of a bucket or an account. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** Settings that apply to all buckets of the account. */
export interface AccountSettings {
  /** Public access block of the account, which an organization may enforce; undefined if nothing is blocked. */
  publicAccessBlock?: PublicAccessBlock;
}

/** Settings of a bucket, without its objects. */
export interface Bucket {
  readonly name: string;
  /** AWS code. */
  readonly region: string;
  policy: readonly Statement[];
  /** The policy as it was declared; undefined without a policy. */
  policyDocument?: unknown;
  /** The bucket's own block; undefined if it blocks nothing. See {@link blocks}. */
  publicAccessBlock?: PublicAccessBlock;
  /** ARN of the KMS key that encrypts new objects; undefined without one. */
  kmsKey?: string;
  readonly account: AccountSettings;
  /** Inputs of the resources that set what has no effect here, by type token. */
  readonly ignored: Map<string, DeclaredResource["inputs"]>;
}

/** Reader of a bucket other than a role of its account. */
export interface Reader {
  /** AWS service that signed the request, and its resource; undefined for a request without credentials. */
  readonly service?: { readonly principal: string; readonly sourceArn: string };
  /** Whether the request came over TLS. */
  readonly isSecure: boolean;
}

/** Creates a bucket that blocks all public access: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export function newBucket(name: string, region: string, account: AccountSettings = {}): Bucket {
  const publicAccessBlock = {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  };
  return { name, region, policy: [], publicAccessBlock, account, ignored: new Map() };
}

/**
 * Whether a setting blocks public access to a bucket. Of the settings of the bucket and of its account, the most restrictive applies.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function blocks({ publicAccessBlock, account }: Bucket, setting: keyof PublicAccessBlock): boolean {
  return [publicAccessBlock, account.publicAccessBlock].some((block) => block?.[setting] === true);
}

/** Condition keys that make a policy non-public when they are limited to fixed values. */
const NARROWING_KEYS = [
  "aws:sourceip",
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:principalorgid",
  "aws:userid",
];

/**
 * Whether a policy is public.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(policy: readonly Statement[]): boolean {
  return policy.some(
    ({ effect, principals, conditions }) =>
      effect === "Allow" &&
      (principals ?? []).some(({ type }) => type === "*") &&
      !conditions.some(({ key }) => NARROWING_KEYS.includes(key.toLowerCase())),
  );
}

/**
 * Whether the policy and the public access block of a bucket allow an action of a reader.
 * @throws Error when a condition of the bucket's policy cannot be evaluated.
 */
export function isAllowed(bucket: Bucket, reader: Reader, action: string, resourceArn: string): boolean {
  const { service, isSecure } = reader;
  // RestrictPublicBuckets does not apply to AWS services.
  if (!service && blocks(bucket, "restrictPublicBuckets") && isPublic(bucket.policy)) return false;
  const context = {
    "aws:SecureTransport": String(isSecure),
    "aws:RequestedRegion": bucket.region,
    ...(service && { "aws:SourceArn": service.sourceArn, "aws:SourceAccount": ACCOUNT }),
  };
  const principal = service && { type: "Service", value: service.principal };
  return evaluate(bucket.policy, { action, resource: resourceArn, principal, context }) === "allowed";
}
