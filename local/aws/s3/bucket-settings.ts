import { isDeepStrictEqual } from "node:util";
import type { CreatedResource, DeclaredResource, ResourceHandler } from "../resource";
import { checkKmsKey } from "../kms-key";
import type { Bucket, PublicAccessBlock } from "./bucket";
import { setPolicy, type Buckets } from "./buckets";

type Inputs = DeclaredResource["inputs"];

/** Setting of a bucket that is a resource of its own. To create one that exists overwrites it, as on AWS. */
export interface BucketSetting extends Pick<ResourceHandler, "updatable" | "replacing"> {
  /** Applies the inputs of the resource. */
  put(bucket: Bucket, inputs: Inputs): void | Promise<void>;
  /** Returns the computed outputs; none by default. */
  outputs?(bucket: Bucket): CreatedResource["outputs"];
  /** Returns the inputs that are in effect, or undefined without the setting. */
  current(bucket: Bucket, declared: Inputs): Inputs | undefined;
  remove(bucket: Bucket, inputs: Inputs): void | Promise<void>;
}

/** Returns the resource handler of a setting. Its id is the bucket's name. */
export function settingHandler(buckets: Buckets, setting: BucketSetting): ResourceHandler {
  const put = async (bucket: Bucket, inputs: Inputs): Promise<CreatedResource["outputs"]> => {
    await setting.put(bucket, inputs);
    return outputsOf(bucket);
  };
  const outputsOf = (bucket: Bucket): CreatedResource["outputs"] => setting.outputs?.(bucket) ?? {};
  return {
    updatable: setting.updatable,
    replacing: setting.replacing,
    remedies: { region: "Give the resource a provider of that region." },
    create: async ({ inputs }) => {
      const bucket = buckets.named(inputs.bucket);
      return { id: bucket.name, outputs: await put(bucket, inputs) };
    },
    read: async ({ id, inputs }) => {
      const bucket = buckets.find(id);
      const current = bucket && setting.current(bucket, inputs);
      return current && { id, outputs: outputsOf(bucket), inputs: { ...current, bucket: id } };
    },
    update: async ({ id }, inputs) => put(buckets.named(id), inputs),
    delete: async ({ id, inputs }) => {
      const bucket = buckets.find(id);
      if (bucket) await setting.remove(bucket, inputs);
    },
  };
}

/** `aws:s3/bucketPolicy:BucketPolicy` */
export const BUCKET_POLICY: BucketSetting = {
  updatable: ["policy"],
  replacing: { bucket: "internal/service/s3/bucket_policy.go:41" },
  put: (bucket, { policy }) => setPolicy(bucket, policy),
  current: ({ policyDocument }, declared) => {
    if (policyDocument === undefined) return undefined;
    const isDeclared = isDeepStrictEqual(policyDocument, declared.policy);
    return isDeclared ? declared : { ...declared, policy: policyDocument };
  },
  remove: (bucket) => {
    bucket.policy = [];
    bucket.policyDocument = undefined;
  },
};

const BLOCKS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] as const;

/**
 * `aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock`. Missing settings are false, as in the provider. After a deletion
 * nothing is blocked: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
 */
export const PUBLIC_ACCESS_BLOCK: BucketSetting = {
  updatable: [...BLOCKS, "skipDestroy"],
  replacing: { bucket: "internal/service/s3/bucket_public_access_block.go:49" },
  put: (bucket, inputs) => {
    bucket.publicAccessBlock = blockOf(inputs);
  },
  outputs: ({ publicAccessBlock }) => ({ ...publicAccessBlock }),
  current: ({ publicAccessBlock }, declared) => {
    if (!publicAccessBlock) return undefined;
    const changed = BLOCKS.filter((name) => publicAccessBlock[name] !== (declared[name] ?? false));
    return { ...declared, ...Object.fromEntries(changed.map((name) => [name, publicAccessBlock[name]])) };
  },
  remove: (bucket, { skipDestroy }) => {
    if (skipDestroy !== true) bucket.publicAccessBlock = undefined;
  },
};

function blockOf(inputs: Inputs): PublicAccessBlock {
  return Object.fromEntries(
    BLOCKS.map((name) => [name, inputs[name] === true]),
  ) as unknown as PublicAccessBlock;
}

/** Setting that has no effect here. It is kept to be read. */
function ignoredSetting(
  type: string,
  updatable: readonly string[],
  replacing: Record<string, string>,
): BucketSetting {
  return {
    updatable,
    replacing,
    put: (bucket, inputs) => void bucket.ignored.set(type, inputs),
    current: (bucket) => bucket.ignored.get(type),
    remove: (bucket) => void bucket.ignored.delete(type),
  };
}

/**
 * `aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration`. Objects are not encrypted here, but a role that
 * stores or reads one must be allowed to use the KMS key.
 */
export const BUCKET_ENCRYPTION: BucketSetting = {
  ...ignoredSetting("encryption", ["rules"], {
    bucket: "internal/service/s3/bucket_server_side_encryption_configuration.go:42",
    expectedBucketOwner: "internal/service/s3/bucket_server_side_encryption_configuration.go:48",
  }),
  put: (bucket, inputs) => {
    const key = kmsKeyOf(inputs);
    checkKmsKey("rules", key, bucket.region);
    bucket.kmsKey = key;
    bucket.ignored.set("encryption", inputs);
  },
  remove: (bucket) => {
    bucket.kmsKey = undefined;
    bucket.ignored.delete("encryption");
  },
};

function kmsKeyOf({ rules }: Inputs): string | undefined {
  const [{ applyServerSideEncryptionByDefault: byDefault } = {} as Inputs] = rules ?? [];
  return byDefault?.sseAlgorithm === "AES256" ? undefined : (byDefault?.kmsMasterKeyId ?? undefined);
}

/** Settings that have no effect here, by the part of the type token after `aws:s3/`. */
export const IGNORED_SETTINGS: Readonly<Record<string, BucketSetting>> = {
  "bucketOwnershipControls:BucketOwnershipControls": ignoredSetting("ownershipControls", ["rule"], {
    bucket: "internal/service/s3/bucket_ownership_controls.go:42",
  }),
  "bucketVersioning:BucketVersioning": ignoredSetting("versioning", ["mfa", "versioningConfiguration"], {
    bucket: "internal/service/s3/bucket_versioning.go:46",
    expectedBucketOwner: "internal/service/s3/bucket_versioning.go:52",
  }),
  "bucketLifecycleConfiguration:BucketLifecycleConfiguration": ignoredSetting(
    "lifecycle",
    ["rules", "transitionDefaultMinimumObjectSize"],
    {
      bucket: "internal/service/s3/bucket_lifecycle_configuration.go:81",
      expectedBucketOwner: "internal/service/s3/bucket_lifecycle_configuration.go:92",
    },
  ),
};
