import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Creates the public access block of a bucket. Access control lists never grant public access.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 * @param isPublic whether the bucket policy may grant public access.
 */
export function publicAccessBlock(
  name: string,
  { bucket, isPublic }: { readonly bucket: aws.s3.Bucket; readonly isPublic: boolean },
  opts: pulumi.CustomResourceOptions,
): aws.s3.BucketPublicAccessBlock {
  return new aws.s3.BucketPublicAccessBlock(
    name,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: !isPublic,
      restrictPublicBuckets: !isPublic,
    },
    opts,
  );
}
