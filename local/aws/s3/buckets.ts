import { parsePolicy } from "../iam/policy";
import { blocks, isPublic, type AccountSettings, type Bucket } from "./bucket";

/** Buckets of all regions. A name is unique over all of them, as on AWS. */
export class Buckets {
  /** Settings of the account that owns the buckets. By default it blocks no public access. */
  readonly account: AccountSettings = {};
  private readonly buckets = new Map<string, Bucket>();

  /** Returns the bucket of a name, in whichever region it is, or undefined when there is none. */
  find(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** Returns the bucket of a name. @throws Error NoSuchBucket. */
  named(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket) return bucket;
    throw new Error(`NoSuchBucket: the bucket ${name} does not exist.`);
  }

  /** Returns the bucket behind a regional domain name, or undefined when there is none. */
  behind(domainName: string): Bucket | undefined {
    return [...this.buckets.values()].find((bucket) => regionalDomainName(bucket) === domainName);
  }

  /** Adds a bucket. @throws Error if the name is taken. */
  add(bucket: Bucket): void {
    const { name, region } = bucket;
    // us-east-1 accepts the name of one's own bucket; there the provider rejects it.
    const code = region === "us-east-1" ? "BucketAlreadyExists" : "BucketAlreadyOwnedByYou";
    if (this.buckets.has(name))
      throw new Error(`${code}: the bucket ${name} already exists. Choose another name.`);
    this.buckets.set(name, bucket);
  }

  remove(name: string): void {
    this.buckets.delete(name);
  }
}

/** `<bucket>.s3.<region>.amazonaws.com` */
export function regionalDomainName({ name, region }: Pick<Bucket, "name" | "region">): string {
  return `${name}.s3.${region}.amazonaws.com`;
}

/**
 * Sets the policy of a bucket.
 * @throws Error for a malformed policy, and AccessDenied for a public policy while the bucket blocks public policies.
 */
export function setPolicy(bucket: Bucket, document: unknown): void {
  const policy = parsePolicy(document, "resource", `the policy of bucket ${bucket.name}`);
  if (isPublic(policy) && blocks(bucket, "blockPublicPolicy"))
    throw new Error(
      `AccessDenied: s3:PutBucketPolicy is not allowed, because the policy of bucket ${bucket.name} is public and the BlockPublicPolicy setting ` +
        `of its ${bucket.account.publicAccessBlock?.blockPublicPolicy ? "account" : "bucket"} in S3 Block Public Access prevents public policies. ` +
        "Make the policy depend on a BucketPublicAccessBlock with blockPublicPolicy: false; an account's block takes precedence.",
    );
  bucket.policy = policy;
  bucket.policyDocument = document;
}
