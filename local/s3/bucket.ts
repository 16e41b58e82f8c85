import { evaluate } from "../iam/evaluate";
import type { Statement } from "../iam/policy";

/** The four switches of a bucket's public access block. */
export interface PublicAccessBlock {
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
 * Whether somebody without credentials may do something over plain HTTP, as website visitors come.
 * @throws Error when a condition of the bucket's policy cannot be judged.
 */
export function allowsAnonymous(bucket: Bucket, action: string, resourceArn: string): boolean {
  if (bucket.publicAccessBlock.restrictPublicBuckets && isPublic(bucket.policy)) return false;
  const context = { "aws:SecureTransport": "false", "aws:RequestedRegion": bucket.region };
  return evaluate(bucket.policy, { action, resource: resourceArn, context }) === "allowed";
}
