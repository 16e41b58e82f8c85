import { expectInputs } from "../inputs";
import { parsePolicy } from "../iam/policy";
import type { DeclaredResource, CreatedResource } from "../resource";
import { isPublic, type Bucket } from "./bucket";
import type { WebsiteConfiguration } from "./website";

const BLOCKS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] as const;

/**
 * Sets the policy of a bucket.
 * @throws Error for a malformed policy, and AccessDenied for a public policy while the bucket blocks public policies.
 */
export function setPolicy(bucket: Bucket, resource: DeclaredResource): CreatedResource {
  expectInputs(resource, ["bucket", "policy", "region"]);
  const policy = parsePolicy(resource.inputs.policy, "resource", `the policy of bucket ${bucket.name}`);
  if (isPublic(policy) && bucket.publicAccessBlock.blockPublicPolicy)
    throw new Error(
      `AccessDenied: the policy of bucket ${bucket.name} is public, and the bucket blocks public policies. ` +
        "Make the policy depend on a BucketPublicAccessBlock with blockPublicPolicy: false.",
    );
  bucket.policy = policy;
  return { id: bucket.name, outputs: {} };
}

/** Sets the public access block of a bucket. Missing settings are false, as in the provider. */
export function setPublicAccessBlock(bucket: Bucket, resource: DeclaredResource): CreatedResource {
  expectInputs(resource, ["bucket", "region", "skipDestroy", ...BLOCKS]);
  const { inputs } = resource;
  bucket.publicAccessBlock = {
    blockPublicAcls: inputs.blockPublicAcls === true,
    ignorePublicAcls: inputs.ignorePublicAcls === true,
    blockPublicPolicy: inputs.blockPublicPolicy === true,
    restrictPublicBuckets: inputs.restrictPublicBuckets === true,
  };
  return { id: bucket.name, outputs: { ...bucket.publicAccessBlock } };
}

/** Reads a website configuration. @throws Error for redirects, or without an index document. */
export function websiteConfigurationOf(resource: DeclaredResource): WebsiteConfiguration {
  expectInputs(resource, ["bucket", "indexDocument", "errorDocument", "expectedBucketOwner", "region"]);
  const indexDocument: unknown = resource.inputs.indexDocument?.suffix;
  if (typeof indexDocument !== "string" || indexDocument === "" || indexDocument.includes("/"))
    throw new Error(
      `indexDocument.suffix is ${JSON.stringify(indexDocument)}; it must be a name without a slash.`,
    );
  return { indexDocument, errorDocument: resource.inputs.errorDocument?.key };
}

/**
 * Checks S3's rules for bucket names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @throws Error that quotes an invalid name.
 */
export function checkBucketName(name: string): void {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes("..") || /^[\d.]+$/.test(name))
    throw new Error(
      `The bucket name ${JSON.stringify(name)} must be 3 to 63 lower-case letters, digits, dots or hyphens long, ` +
        "and begin and end with a letter or digit.",
    );
}
