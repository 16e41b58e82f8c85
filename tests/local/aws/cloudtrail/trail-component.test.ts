import assert from "node:assert/strict";
import { LocalCloudTrail } from "../../../../local/aws/cloudtrail/cloudtrail";
import { createTrailChildren } from "../../../../local/aws/cloudtrail/trail-component";
import { createResource } from "../../support/create-resource";
import { openS3 } from "../../support/open-s3";
import type { CreatedResource, RegisterChild } from "../../../../local/aws/resource";

const BUCKET = "aws:s3/bucket:Bucket";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const TRAIL = "aws:cloudtrail/trail:Trail";

interface Child {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly created: CreatedResource;
}

describe("awsx:cloudtrail:Trail", () => {
  let children: Child[];
  beforeEach(() => {
    children = [];
  });

  const register: RegisterChild = async (type, name, inputs) => {
    const outputs = type === BUCKET ? { bucket: "audit-1", arn: "arn:aws:s3:::audit-1" } : {};
    const created = { id: `${type} id`, outputs: { ...inputs, ...outputs } };
    children.push({ type, name, inputs, created });
    return created;
  };

  it("registers a bucket, its policy and the trail, in this order, with the component's name", async () => {
    const inputs = { isMultiRegionTrail: true, s3Bucket: { args: { forceDestroy: false } } };
    const outputs = await createTrailChildren({ name: "audit", inputs }, register);
    assert.deepEqual(
      children.map(({ type, name }) => [type, name]),
      [
        [BUCKET, "audit"],
        [POLICY, "audit"],
        [TRAIL, "audit"],
      ],
    );
    const [bucket, policy, trail] = children;
    assert.deepEqual(bucket.inputs, { forceDestroy: false });
    assert.equal(policy.inputs.bucket, "audit-1");
    assert.deepEqual(trail.inputs, { isMultiRegionTrail: true, s3BucketName: "audit-1" });
    assert.equal(outputs.bucket, bucket.created);
    assert.equal(outputs.trail, trail.created);
  });

  it("lets the bucket be deleted with its records by default", async () => {
    await createTrailChildren({ name: "audit", inputs: { s3Bucket: null } }, register);
    assert.deepEqual(children[0].inputs, { forceDestroy: true });
  });

  it("allows CloudTrail to deliver with the bucket owner's full control only", async () => {
    await createTrailChildren({ name: "audit", inputs: {} }, register);
    const { Statement } = JSON.parse(String(children[1].inputs.policy)) as {
      Statement: { Action: string[]; Resource: string[]; Condition?: object }[];
    };
    assert.deepEqual(
      Statement.map(({ Action, Resource, Condition }) => [Action, Resource, Condition]),
      [
        [["s3:GetBucketAcl"], ["arn:aws:s3:::audit-1"], undefined],
        [
          ["s3:PutObject"],
          ["arn:aws:s3:::audit-1/*"],
          { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
        ],
      ],
    );
  });

  it("uses an existing bucket by name or ARN, and with a name writes a policy for an ARN that no bucket has", async () => {
    for (const [existing, arn] of [
      [{ name: "logs" }, "arn:aws:::logs"],
      [{ arn: "arn:aws:s3:::logs" }, "arn:aws:s3:::logs"],
    ] as const) {
      children = [];
      const inputs = { s3Bucket: { existing } };
      const outputs = await createTrailChildren({ name: "audit", inputs }, register);
      assert.equal(outputs.bucket, undefined);
      assert.deepEqual(
        children.map(({ type }) => type),
        [POLICY, TRAIL],
      );
      assert.ok(String(children[0].inputs.policy).includes(`"${arn}"`));
      assert.equal(children[1].inputs.s3BucketName, "logs");
    }
  });

  it("creates a bucket of S3 that the trail accepts", async () => {
    const { s3, close } = await openS3();
    const cloudTrail = new LocalCloudTrail({ bucketNamed: (name) => s3.findBucket(name) });
    const resourceHandlers = { ...s3.resourceHandlers, ...cloudTrail.resourceHandlers };
    try {
      const { trail } = await createTrailChildren(
        { name: "audit", inputs: {} },
        async (type, name, inputs) => {
          const { id, outputs } = await createResource({ resourceHandlers }, type, inputs, { name });
          return { id, outputs: { ...inputs, ...outputs } };
        },
      );
      assert.equal((trail as CreatedResource).outputs.s3BucketName, "audit-0123456");
    } finally {
      await close();
    }
  });

  it("rejects a log group and contradictory buckets", async () => {
    const existing = { name: "logs" };
    for (const [inputs, about] of [
      [{ cloudWatchLogsGroup: { enable: true } }, /does not support cloudWatchLogsGroup/],
      [{ s3Bucket: { existing, args: {} } }, /args or existing, not both/],
      [{ s3Bucket: { existing: {} } }, /give the name or the arn/],
      [{ s3Bucket: { args: {}, other: 1 } }, /s3Bucket\.other/],
    ] as const)
      await assert.rejects(createTrailChildren({ name: "audit", inputs }, register), about);
    assert.deepEqual(children, []);
  });
});
