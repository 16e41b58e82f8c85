import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";

const provider = new aws.Provider("ireland", { region: "eu-west-1" });
const trail = new awsx.cloudtrail.Trail(
  "audit",
  { isMultiRegionTrail: true, s3Bucket: { args: { forceDestroy: false } } },
  { providers: [provider] },
);

export const audit = {
  bucket: trail.bucket.apply((bucket) => bucket?.arn),
  id: trail.trail.apply(({ id }) => id),
  multiRegion: trail.trail.apply(({ isMultiRegionTrail }) => isMultiRegionTrail),
};
