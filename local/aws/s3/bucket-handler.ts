import { arnOf, type CreatedResource, type ResourceHandler } from "../resource";
import type { LocalFauxqs } from "../sqs/fauxqs";
import { newBucket, type Bucket } from "./bucket";
import { regionalDomainName, type Buckets } from "./buckets";
import { objectPath } from "./objects";

const SEPARATE = ["acl", "corsRules", "lifecycleRules", "logging", "policy", "versioning", "website"];

/**
 * Resource handler of `aws:s3/bucket:Bucket`.
 * @param removeWebsite stops the website of a bucket that is deleted.
 */
export function bucketHandler(
  fauxqs: Pick<LocalFauxqs, "inject">,
  buckets: Buckets,
  removeWebsite: (bucket: string) => Promise<void>,
): ResourceHandler {
  return {
    updatable: ["forceDestroy", "tags"],
    replacing: { bucket: "internal/service/s3/bucket.go:96" },
    remedies: {
      region: "Give the bucket a provider of that region.",
      ...Object.fromEntries(
        SEPARATE.map((input) => [input, "Use the separate resource, such as aws.s3.BucketVersioning."]),
      ),
    },
    autoName: { input: "bucket", maxLength: 63 },
    create: async ({ inputs, region }) => {
      checkBucketName(inputs.bucket);
      const bucket = newBucket(inputs.bucket, region, buckets.account);
      buckets.add(bucket);
      try {
        const { statusCode, body } = await fauxqs.inject(region, { method: "PUT", url: `/${bucket.name}` });
        if (statusCode !== 200)
          throw new Error(
            `The local S3 could not create the bucket ${bucket.name}: status ${statusCode}: ${body}`,
          );
      } catch (error) {
        buckets.remove(bucket.name);
        throw error;
      }
      return { id: bucket.name, outputs: outputsOf(bucket) };
    },
    read: async ({ id, inputs }) => {
      const bucket = buckets.find(id);
      if (!bucket) return undefined;
      const { statusCode } = await fauxqs.inject(bucket.region, { method: "HEAD", url: `/${id}` });
      if (statusCode === 200) return { id, inputs: { ...inputs, bucket: id }, outputs: outputsOf(bucket) };
      // It was deleted through the API of S3.
      await removeWebsite(id);
      buckets.remove(id);
      return undefined;
    },
    update: async ({ id }) => outputsOf(buckets.named(id)),
    delete: async ({ id, inputs }) => {
      const bucket = buckets.find(id);
      if (!bucket) return;
      if (inputs.forceDestroy === true) await emptyBucket(fauxqs, bucket);
      const { statusCode } = await fauxqs.inject(bucket.region, { method: "DELETE", url: `/${id}` });
      if (statusCode === 409)
        throw new Error(
          `BucketNotEmpty: the bucket ${id} is not empty. Delete its objects and unfinished uploads, ` +
            "or deploy it with forceDestroy: true before you delete it.",
        );
      await removeWebsite(id);
      buckets.remove(id);
    },
  };
}

function outputsOf(bucket: Bucket): CreatedResource["outputs"] {
  const { name, region } = bucket;
  return {
    bucket: name,
    arn: arnOf("s3", "", name),
    region,
    bucketDomainName: `${name}.s3.amazonaws.com`,
    bucketRegionalDomainName: regionalDomainName(bucket),
  };
}

/**
 * Checks S3's rules for bucket names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @throws Error that quotes an invalid name.
 */
function checkBucketName(name: string): void {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes("..") || /^[\d.]+$/.test(name))
    throw new Error(
      `The bucket name ${JSON.stringify(name)} must be 3 to 63 lower-case letters, digits, dots or hyphens long, ` +
        "and begin and end with a letter or digit.",
    );
}

async function emptyBucket(fauxqs: Pick<LocalFauxqs, "inject">, { name, region }: Bucket): Promise<void> {
  const parameters = { "list-type": "2", "max-keys": String(Number.MAX_SAFE_INTEGER) };
  const url = `/${name}?${new URLSearchParams(parameters)}`;
  const { body } = await fauxqs.inject(region, { method: "GET", url });
  for (const [, key] of body.matchAll(/<Key>([^<]*)<\/Key>/g))
    await fauxqs.inject(region, { method: "DELETE", url: objectPath(name, fromXml(key)) });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function fromXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity]);
}
