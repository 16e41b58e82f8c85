import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keepVersions } from "../regional/bucket-versions";
import { bucketEncryption, useDataKey } from "../regional/data-key";
import { denyPlainHttpToBucket, policyDocument, PolicyStatement } from "../regional/policy";
import { publicAccessBlock } from "../regional/public-access";

/** Retention of records, equal to the retention of conflicts. An alarm reports each new record. */
const RETENTION_DAYS = 90;

/** Time for which a record that redrive deleted can be restored. It contains ticket data, so the time is short. */
const NONCURRENT_DAYS = 1;

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
      { bucket, rules: [bucketEncryption(kmsKeyArn)] },
      { parent: this },
    );
    // Records contain ticket data, also of tickets deleted since, so they must expire.
    keepVersions(
      name,
      this.bucket,
      { days: RETENTION_DAYS, noncurrentDays: NONCURRENT_DAYS },
      { parent: this },
    );
    new aws.s3.BucketPolicy(
      name,
      { bucket, policy: policyDocument([denyPlainHttpToBucket(this.bucket.arn)]) },
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
