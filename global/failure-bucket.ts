import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { useDataKey } from "../regional/data-key";
import { denyPlainHttp, policyDocument, PolicyStatement } from "../regional/policy";
import { publicAccessBlock } from "../regional/public-access";

/** Retention of records, equal to the retention of conflicts. An alarm reports each new record. */
const RETENTION_DAYS = 90;

/** Arguments of a failure bucket. */
export interface FailureBucketArgs {
  /** ARN of the KMS key that encrypts the records; absent for a key that AWS owns. */
  readonly kmsKeyArn?: string;
}

/** On-failure destination of a stream: a private, encrypted bucket that accepts only TLS. Lambda stores whole records in it. */
export class FailureBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  private readonly kmsKeyArn: string | undefined;

  constructor(name: string, { kmsKeyArn }: FailureBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:FailureBucket", name, {}, opts);
    this.kmsKeyArn = kmsKeyArn;

    this.bucket = new aws.s3.Bucket(name, {}, { parent: this });
    const bucket = this.bucket.id;
    const publicAccess = publicAccessBlock(name, { bucket: this.bucket, isPublic: false }, { parent: this });
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [encryption(kmsKeyArn)] },
      { parent: this },
    );
    // Records contain ticket data, also of tickets deleted since, so they must expire.
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: RETENTION_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { parent: this },
    );
    new aws.s3.BucketPolicy(
      name,
      { bucket, policy: policyDocument([denyPlainHttp(this.bucket.arn)]) },
      { parent: this, dependsOn: publicAccess },
    );

    this.registerOutputs({ bucket: this.bucket });
  }

  /** Permissions that a role needs to use this bucket as on-failure destination: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
  storeFailures(): PolicyStatement[] {
    return [
      // All keys. Lambda writes only under aws/lambda/, but rejects the mapping when only those keys are allowed.
      { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${this.bucket.arn}/*`] },
      { actions: ["s3:ListBucket"], resources: [this.bucket.arn] },
      ...useDataKey(this.kmsKeyArn, "s3", "kms:GenerateDataKey"),
    ];
  }
}

/** With a bucket key, S3 calls KMS once per period instead of once per object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html */
function encryption(
  kmsKeyArn: string | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  if (!kmsKeyArn) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
    bucketKeyEnabled: true,
  };
}
