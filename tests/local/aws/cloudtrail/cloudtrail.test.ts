import assert from "node:assert/strict";
import { LocalCloudTrail } from "../../../../local/aws/cloudtrail/cloudtrail";
import { createResource } from "../../support/create-resource";

const TRAIL = "awsx:cloudtrail:Trail";

describe("LocalCloudTrail", () => {
  it("returns the trail and the bucket that awsx creates for it", async () => {
    const { outputs } = await createResource(
      new LocalCloudTrail(),
      TRAIL,
      { isMultiRegionTrail: true },
      { name: "audit" },
    );
    const bucket = {
      id: "audit-0123456-bucket",
      bucket: "audit-0123456-bucket",
      arn: "arn:aws:s3:::audit-0123456-bucket",
    };
    const arn = "arn:aws:cloudtrail:eu-west-1:000000000000:trail/audit-0123456";
    assert.deepEqual(outputs.bucket, bucket);
    const { id, name, homeRegion, isMultiRegionTrail } = outputs.trail as Record<string, unknown>;
    assert.deepEqual([id, name, homeRegion, isMultiRegionTrail], [arn, "audit-0123456", "eu-west-1", true]);
  });

  it("uses an existing bucket", async () => {
    const s3Bucket = { existing: { arn: "arn:aws:s3:::logs" } };
    const { outputs } = await createResource(new LocalCloudTrail(), TRAIL, { name: "audit", s3Bucket });
    assert.equal(outputs.bucket, undefined);
    assert.equal((outputs.trail as Record<string, unknown>).s3BucketName, "logs");
  });
});
