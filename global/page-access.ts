import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { UiBucket } from "../regional/ui-bucket";
import { denyPlainHttp, PolicyStatement } from "../regional/policy";

/**
 * Lets one distribution read a private page bucket, over TLS. That it may list too makes a missing file 404, so that 403 says
 * that the policy is wrong; nobody can list through it, because it passes no query on.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function letDistributionRead(
  page: UiBucket,
  distributionArn: pulumi.Input<string>,
): aws.s3.BucketPolicy {
  const { arn } = page.bucket;
  const may = (action: string, resource: pulumi.Input<string>): PolicyStatement => ({
    principal: { Service: "cloudfront.amazonaws.com" },
    actions: [action],
    resources: [resource],
    condition: { StringEquals: { "aws:SourceArn": distributionArn } },
  });
  return page.attachPolicy([
    may("s3:GetObject", pulumi.interpolate`${arn}/*`),
    may("s3:ListBucket", arn),
    denyPlainHttp(arn),
  ]);
}
