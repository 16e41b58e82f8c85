import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { denyPlainHttp, policyDocument, PolicyStatement } from "../regional/policy";
import { publicAccessBlock } from "../regional/public-access";

/** How long a record stays, in days: as long as a conflict is listed. The alarm goes off when it arrives. */
const RETENTION_DAYS = 90;

/** Where Lambda stores the records that a stream gave up on, whole: private, encrypted, and only over TLS. */
export class FailureBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:FailureBucket", name, {}, opts);

    this.bucket = new aws.s3.Bucket(name, {}, { parent: this });
    const bucket = this.bucket.id;
    publicAccessBlock(name, { bucket: this.bucket, isPublic: false }, { parent: this });
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      { parent: this },
    );
    // A record holds a ticket's text, also of one that was deleted since: it must not stay for ever.
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
      { parent: this },
    );

    this.registerOutputs({ bucket: this.bucket });
  }

  /** What a function's role needs for this bucket to be its on-failure destination: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
  storeFailures(): PolicyStatement[] {
    return [
      // Every key, though Lambda's begin with aws/lambda/: with only those allowed, it refuses to make the mapping.
      { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${this.bucket.arn}/*`] },
      { actions: ["s3:ListBucket"], resources: [this.bucket.arn] },
    ];
  }
}
