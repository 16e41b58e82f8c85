import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Says whether a bucket's policy may let anyone read; access control lists never may.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 * @param isPublic whether a policy for everyone is taken and counts.
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
