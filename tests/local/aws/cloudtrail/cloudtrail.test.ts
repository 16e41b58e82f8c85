import assert from "node:assert/strict";
import { LocalCloudTrail } from "../../../../local/aws/cloudtrail/cloudtrail";
import { parsePolicy, type Statement } from "../../../../local/aws/iam/policy";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";

const TRAIL = "aws:cloudtrail/trail:Trail";
const ARN = "arn:aws:cloudtrail:eu-west-1:000000000000:trail/audit";
const INPUTS = { name: "audit", s3BucketName: "records" };

describe("Trail of LocalCloudTrail", () => {
  let policies: Record<string, Statement[]>;
  let cloudTrail: LocalCloudTrail;

  beforeEach(() => {
    policies = { records: policyOf("records", "*"), prefixed: policyOf("prefixed", "audit/*"), closed: [] };
    cloudTrail = new LocalCloudTrail({
      bucketNamed: (name) => (policies[name] ? { policy: policies[name] } : undefined),
    });
  });
  afterEach(() => cloudTrail.close());

  function policyOf(bucket: string, keys: string): Statement[] {
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    const arn = `arn:aws:s3:::${bucket}`;
    const Condition = { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } };
    const Statement = [
      { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: arn },
      { Effect: "Allow", Principal, Action: "s3:PutObject", Resource: `${arn}/${keys}`, Condition },
    ];
    return parsePolicy({ Version: "2012-10-17", Statement }, "resource", "the policy of the test");
  }

  it("returns its ARN and settings", async () => {
    const { id, outputs } = await createResource(cloudTrail, TRAIL, { ...INPUTS, isMultiRegionTrail: true });
    assert.equal(id, ARN);
    const { arn, homeRegion, isMultiRegionTrail, enableLogging } = outputs;
    assert.deepEqual([arn, homeRegion, isMultiRegionTrail, enableLogging], [ARN, "eu-west-1", true, true]);
  });

  it("gets a generated name", async () => {
    const { id } = await createResource(cloudTrail, TRAIL, { s3BucketName: "records" });
    assert.match(id, /:trail\/it-0123456$/);
  });

  it("exists once per name and region, until it is deleted", async () => {
    const first = await createResource(cloudTrail, TRAIL, INPUTS);
    await createResource(cloudTrail, TRAIL, INPUTS, { region: "ap-southeast-1" });
    await assert.rejects(createResource(cloudTrail, TRAIL, INPUTS), /TrailAlreadyExistsException: .* audit/);
    await deleteResource(cloudTrail, first);
    await deleteResource(cloudTrail, first);
    assert.equal(await readResource(cloudTrail, first), undefined);
    await createResource(cloudTrail, TRAIL, INPUTS);
  });

  it("needs a bucket whose policy lets CloudTrail deliver below the prefix", async () => {
    for (const [inputs, about] of [
      [{ s3BucketName: "none" }, /S3BucketDoesNotExistException: .* none/],
      [{ s3BucketName: "closed" }, /InsufficientS3BucketPolicyException: .*s3:GetBucketAcl/],
      [{ s3BucketName: "prefixed" }, /InsufficientS3BucketPolicyException: .*s3:PutObject/],
    ] as const)
      await assert.rejects(createResource(cloudTrail, TRAIL, { name: "audit", ...inputs }), about);
    await createResource(cloudTrail, TRAIL, {
      name: "audit",
      s3BucketName: "prefixed",
      s3KeyPrefix: "audit",
    });
  });

  it("rejects a name that CloudTrail rejects, and inputs without an emulation", async () => {
    for (const [inputs, about] of [
      [{ name: "a" }, /InvalidTrailNameException/],
      [{ name: "two--hyphens" }, /InvalidTrailNameException/],
      [{ cloudWatchLogsRoleArn: "arn" }, /does not support cloudWatchLogsRoleArn .* no event is recorded/],
    ] as const)
      await assert.rejects(createResource(cloudTrail, TRAIL, { ...INPUTS, ...inputs }), about);
  });

  it("changes in place, which a read returns", async () => {
    const created = await createResource(cloudTrail, TRAIL, INPUTS);
    const updated = await updateResource(cloudTrail, created, { ...INPUTS, enableLogging: false });
    assert.equal(updated.outputs.enableLogging, false);
    const read = await readResource(cloudTrail, created);
    assert.deepEqual(read?.inputs, { ...INPUTS, enableLogging: false });
    assert.deepEqual(read?.outputs, updated.outputs);
  });

  it("keeps its bucket when the new one does not accept records", async () => {
    const created = await createResource(cloudTrail, TRAIL, INPUTS);
    const closed = { ...INPUTS, s3BucketName: "closed" };
    await assert.rejects(updateResource(cloudTrail, created, closed), /InsufficientS3BucketPolicyException/);
    assert.deepEqual((await readResource(cloudTrail, created))?.inputs, INPUTS);
  });

  it("cannot be updated after it is gone", async () => {
    const created = await createResource(cloudTrail, TRAIL, INPUTS);
    await deleteResource(cloudTrail, created);
    await assert.rejects(updateResource(cloudTrail, created, INPUTS), /TrailNotFoundException/);
  });

  it("is replaced when its name changes, and not otherwise", () => {
    const { replacing, updatable } = cloudTrail.resourceHandlers[TRAIL];
    assert.deepEqual(Object.keys(replacing), ["name", "region"]);
    assert.ok(updatable.includes("s3BucketName"));
  });
});
