import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Retention of the objects of a bucket, in days. */
export interface BucketRetention {
  /** Age from which an object is deleted; objects stay without it. */
  readonly days?: number;
  /** Time for which a version stays after it was replaced or deleted. */
  readonly noncurrentDays: number;
}

const EVERY_OBJECT = { status: "Enabled", filter: { prefix: "" } } as const;

/**
 * Turns on the versions of a bucket, so that an object that was deleted or replaced by mistake can be restored, and deletes old ones.
 *
 * A delete leaves a marker, which another rule removes: no rule can have both a number of days and `expiredObjectDeleteMarker`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
 */
export function keepVersions(
  name: string,
  bucket: aws.s3.Bucket,
  { days, noncurrentDays }: BucketRetention,
  opts: pulumi.CustomResourceOptions,
): void {
  const versioning = new aws.s3.BucketVersioning(
    name,
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          ...EVERY_OBJECT,
          ...(days !== undefined && { expiration: { days } }),
          noncurrentVersionExpiration: { noncurrentDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        { id: "delete-markers", ...EVERY_OBJECT, expiration: { expiredObjectDeleteMarker: true } },
      ],
    },
    { ...opts, dependsOn: versioning },
  );
}
