import { evaluate } from "../iam/evaluate";
import type { Statement } from "../iam/policy";
import { ACCOUNT } from "../resource";

/** The four switches of a bucket's public access block. */
interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** What is set on a bucket, apart from its objects. */
export interface Bucket {
  readonly name: string;
  /** AWS code. */
  readonly region: string;
  policy: readonly Statement[];
  publicAccessBlock: PublicAccessBlock;
}

/** Who reads a bucket from outside its account's roles. */
export interface Reader {
  /** The AWS service that signed the request and for which of its resources; absent for somebody without credentials. */
  readonly service?: { readonly principal: string; readonly sourceArn: string };
  /** Whether the request came over TLS. */
  readonly isSecure: boolean;
}

/** A new bucket blocks all public access. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export function newBucket(name: string, region: string): Bucket {
  const publicAccessBlock = {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  };
  return { name, region, policy: [], publicAccessBlock };
}

/** Condition keys that, held to fixed values, keep a policy from being public. */
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
 * Whether a policy grants something to everybody.
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
 * Whether a bucket's policy and public access block let a reader do something.
 * @throws Error when a condition of the bucket's policy cannot be judged.
 */
export function isAllowed(bucket: Bucket, reader: Reader, action: string, resourceArn: string): boolean {
  const { service, isSecure } = reader;
  // A bucket with a public policy may still be read by AWS services.
  if (!service && bucket.publicAccessBlock.restrictPublicBuckets && isPublic(bucket.policy)) return false;
  const context = {
    "aws:SecureTransport": String(isSecure),
    "aws:RequestedRegion": bucket.region,
    ...(service && { "aws:SourceArn": service.sourceArn, "aws:SourceAccount": ACCOUNT }),
  };
  const principal = service && { type: "Service", value: service.principal };
  return evaluate(bucket.policy, { action, resource: resourceArn, principal, context }) === "allowed";
}
