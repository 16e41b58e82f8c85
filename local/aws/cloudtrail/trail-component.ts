import { expectParts } from "../inputs";
import type { CreatedResource, RegisterChild, RemoteComponent } from "../resource";

/** Input that chooses the bucket of a trail. */
interface BucketChoice {
  readonly existing?: { readonly arn?: string; readonly name?: string };
  readonly args?: Record<string, unknown>;
}

/** Bucket of a trail: the child that awsx creates, or an existing one. */
interface TrailBucket {
  readonly child?: CreatedResource;
  readonly name: string;
  readonly arn: string;
}

/**
 * Children of `awsx:cloudtrail:Trail`: a bucket unless one is given, its policy, and the trail, all with the component's name.
 * Source: https://github.com/pulumi/pulumi-awsx/blob/e60adf3c/awsx/cloudtrail/trail.ts and `requiredBucket` in awsx/s3/bucket.ts.
 * @throws Error for a log group, which would need a role with inline policies.
 */
export const createTrailChildren: RemoteComponent = async ({ name, inputs }, register) => {
  const { s3Bucket, cloudWatchLogsGroup, ...trailInputs } = inputs;
  const component = { type: "awsx:cloudtrail:Trail", name, region: "", physicalName: "", inputs };
  expectParts(component, "s3Bucket", s3Bucket ?? {}, ["args", "existing"]);
  if (cloudWatchLogsGroup?.enable)
    throw new Error(
      "The local cloud does not support cloudWatchLogsGroup of awsx:cloudtrail:Trail. Leave it out, or deploy to AWS.",
    );
  const bucket = await bucketOf(name, s3Bucket, register);
  // The policy comes before the trail, which needs it.
  await register("aws:s3/bucketPolicy:BucketPolicy", name, {
    bucket: bucket.name,
    policy: JSON.stringify(deliveryPolicy(bucket.arn)),
  });
  const trail = await register("aws:cloudtrail/trail:Trail", name, {
    ...trailInputs,
    s3BucketName: bucket.name,
  });
  return { bucket: bucket.child, trail };
};

async function bucketOf(
  name: string,
  s3Bucket: BucketChoice | null | undefined,
  register: RegisterChild,
): Promise<TrailBucket> {
  const { existing, args } = s3Bucket ?? {};
  if (existing && args) throw new Error("s3Bucket: give args or existing, not both.");
  if (existing) {
    const found = existing.name ?? existing.arn?.split(":::").pop();
    if (!found) throw new Error("s3Bucket.existing: give the name or the arn of the bucket.");
    // Not an ARN of S3, so a policy with it lets CloudTrail deliver nothing: `arnFromName` in awsx/s3/bucket.ts.
    return { name: found, arn: existing.arn ?? `arn:aws:::${found}` };
  }
  const child = await register("aws:s3/bucket:Bucket", name, { forceDestroy: true, ...args });
  return { child, name: String(child.outputs.bucket), arn: String(child.outputs.arn) };
}

/** Policy that lets CloudTrail deliver its records, as awsx writes it. */
function deliveryPolicy(bucketArn: string): object {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AWSCloudTrailAclCheck",
        Effect: "Allow",
        Principal,
        Action: ["s3:GetBucketAcl"],
        Resource: [bucketArn],
      },
      {
        Sid: "AWSCloudTrailWrite",
        Effect: "Allow",
        Principal,
        Action: ["s3:PutObject"],
        Resource: [`${bucketArn}/*`],
        Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ],
  };
}
