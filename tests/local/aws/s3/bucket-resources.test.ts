import assert from "node:assert/strict";
import {
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ExistingResource } from "../../../../local/aws/resource";
import { bucketHandler } from "../../../../local/aws/s3/bucket-handler";
import { Buckets } from "../../../../local/aws/s3/buckets";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { openS3, s3Client, type OpenS3 } from "../../support/open-s3";

const BUCKET = "aws:s3/bucket:Bucket";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const DOMAIN = "site.s3.eu-west-1.amazonaws.com";

describe("S3 bucket resources", () => {
  let local: OpenS3;
  let client: S3Client;
  let bucket: ExistingResource;

  beforeEach(async () => {
    local = await openS3();
    client = s3Client(local);
    bucket = await createResource(local.s3, BUCKET, { bucket: "site" });
  });
  afterEach(async () => {
    client.destroy();
    await local.close();
  });

  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: "site", Key, Body: "body" }));
  const policy = (Effect: string) => ({
    Statement: [{ Effect, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::site/*" }],
  });
  const status = async () => (await local.s3.get(DOMAIN, { path: "/key" }))?.status;

  describe("bucket", () => {
    it("has a name that is unique over all regions", async () => {
      const again = (region: string) => createResource(local.s3, BUCKET, { bucket: "site" }, { region });
      await assert.rejects(again("eu-west-1"), /BucketAlreadyOwnedByYou: the bucket site already exists/);
      await assert.rejects(again("ap-southeast-1"), /BucketAlreadyOwnedByYou/);
      await assert.rejects(again("us-east-1"), /BucketAlreadyExists/);
      await assert.rejects(
        createResource(local.s3, BUCKET, { bucket: "other" }, { region: "us-east-1" }),
        /no SQS or S3 in us-east-1/,
      );
      assert.equal(local.s3.findBucket("other"), undefined);
    });

    it("does not exist after a failed creation", async () => {
      const buckets = new Buckets();
      const response = { statusCode: 500, headers: {}, body: "no memory", rawPayload: Buffer.from("") };
      const handler = bucketHandler({ inject: async () => response }, buckets, async () => undefined);
      const create = handler.create({
        ...{ type: BUCKET, name: "new", physicalName: "new", region: "eu-west-1" },
        inputs: { bucket: "new" },
      });
      await assert.rejects(create, /could not create the bucket new: status 500: no memory/);
      assert.equal(buckets.find("new"), undefined);
    });

    it("cannot be deleted with objects or unfinished uploads, and frees its name when it is empty", async () => {
      await put("key");
      await assert.rejects(
        deleteResource(local.s3, bucket),
        /BucketNotEmpty: the bucket site is not empty.*forceDestroy/,
      );
      assert.equal(await local.s3.objectCount("arn:aws:s3:::site"), 1);
      const other = await createResource(local.s3, BUCKET, { bucket: "uploads" });
      await client.send(new CreateMultipartUploadCommand({ Bucket: "uploads", Key: "part" }));
      await assert.rejects(deleteResource(local.s3, other), /BucketNotEmpty/);
      const empty = await createResource(local.s3, BUCKET, { bucket: "empty" });
      await deleteResource(local.s3, empty);
      await deleteResource(local.s3, empty);
      assert.equal(await readResource(local.s3, empty), undefined);
      const there = await createResource(local.s3, BUCKET, { bucket: "empty" }, { region: "ap-southeast-1" });
      assert.equal(there.outputs.bucketRegionalDomainName, "empty.s3.ap-southeast-1.amazonaws.com");
    });

    it("is deleted with its objects after forceDestroy was set", async () => {
      for (const key of ["a", "b/ü", "<&>'\""]) await put(key);
      const forced = await updateResource(local.s3, bucket, { bucket: "site", forceDestroy: true, tags: {} });
      assert.deepEqual(forced.outputs, bucket.outputs);
      assert.equal(await local.s3.objectCount("arn:aws:s3:::site"), 3);
      await deleteResource(local.s3, forced);
      await createResource(local.s3, BUCKET, { bucket: "site" });
      assert.equal(await local.s3.objectCount("arn:aws:s3:::site"), 0);
    });

    it("is read as it was declared, and as gone when it was deleted through the API", async () => {
      const { id, inputs, outputs } = bucket;
      assert.deepEqual(await readResource(local.s3, bucket), { id, inputs, outputs });
      const imported = { ...bucket, inputs: {}, outputs: {} };
      assert.deepEqual(await readResource(local.s3, imported), { id, inputs, outputs });
      await client.send(new DeleteBucketCommand({ Bucket: "site" }));
      assert.equal(await readResource(local.s3, bucket), undefined);
      await createResource(local.s3, BUCKET, { bucket: "site" });
    });
  });

  describe("bucket policy", () => {
    beforeEach(async () => {
      await put("key");
      await createResource(local.s3, BLOCK, { bucket: "site" });
    });

    it("applies to the next request after a change, and no longer after its deletion", async () => {
      const allowed = await createResource(local.s3, POLICY, { bucket: "site", policy: policy("Allow") });
      assert.equal(await status(), 200);
      const denied = await updateResource(local.s3, allowed, { bucket: "site", policy: policy("Deny") });
      assert.equal(await status(), 403);
      await assert.rejects(
        updateResource(local.s3, denied, { bucket: "site", policy: {} }),
        /MalformedPolicy/,
      );
      await updateResource(local.s3, denied, allowed.inputs);
      assert.equal(await status(), 200);
      await deleteResource(local.s3, denied);
      assert.equal(await status(), 403);
    });

    it("is read as it is in effect, and as gone after its deletion or that of its bucket", async () => {
      const allowed = await createResource(local.s3, POLICY, { bucket: "site", policy: policy("Allow") });
      const denied = await updateResource(local.s3, allowed, { bucket: "site", policy: policy("Deny") });
      assert.deepEqual((await readResource(local.s3, allowed))?.inputs, denied.inputs);
      await deleteResource(local.s3, denied);
      assert.equal(await readResource(local.s3, denied), undefined);
      await deleteResource(local.s3, { ...bucket, inputs: { ...bucket.inputs, forceDestroy: true } });
      await deleteResource(local.s3, denied);
      assert.equal(await readResource(local.s3, denied), undefined);
      await assert.rejects(updateResource(local.s3, denied, denied.inputs), /NoSuchBucket/);
    });
  });

  describe("public access block", () => {
    it("applies to the next request after a change, and blocks nothing after its deletion", async () => {
      await put("key");
      const open = await createResource(local.s3, BLOCK, { bucket: "site" });
      await createResource(local.s3, POLICY, { bucket: "site", policy: policy("Allow") });
      const inputs = { bucket: "site", blockPublicPolicy: true, restrictPublicBuckets: true };
      const closed = await updateResource(local.s3, open, inputs);
      assert.equal(await status(), 403);
      // Both are read as the block is now, whatever they declared.
      for (const resource of [open, closed]) {
        const { id, outputs } = closed;
        assert.deepEqual(await readResource(local.s3, resource), { id, inputs, outputs });
      }
      await deleteResource(local.s3, { ...closed, inputs: { ...inputs, skipDestroy: true } });
      assert.equal(await status(), 403);
      await deleteResource(local.s3, closed);
      assert.equal(await status(), 200);
      assert.equal(await readResource(local.s3, closed), undefined);
    });
  });

  describe("settings without effect here", () => {
    const settings = {
      "bucketOwnershipControls:BucketOwnershipControls": {
        rule: { objectOwnership: "BucketOwnerPreferred" },
      },
      "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": { rules: [] },
      "bucketVersioning:BucketVersioning": { versioningConfiguration: { status: "Enabled" } },
      "bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        rules: [{ id: "a", status: "Enabled" }],
      },
    };
    for (const [type, inputs] of Object.entries(settings))
      it(`are kept, changed and deleted: ${type}`, async () => {
        const setting = await createResource(local.s3, `aws:s3/${type}`, { bucket: "site" });
        const changed = await updateResource(local.s3, setting, { bucket: "site", ...inputs });
        assert.deepEqual((await readResource(local.s3, setting))?.inputs, changed.inputs);
        await assert.rejects(
          updateResource(local.s3, setting, { bucket: "site", unknown: true }),
          new RegExp(`does not support unknown of aws:s3/${type}`),
        );
        await deleteResource(local.s3, changed);
        assert.equal(await readResource(local.s3, changed), undefined);
      });
  });

  it("encrypts a bucket with a KMS key of its region", async () => {
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const inputs = (kmsMasterKeyId: string): object => ({
      bucket: "site",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } }],
    });
    const key = "arn:aws:kms:eu-west-1:000000000000:key/1";
    await assert.rejects(
      createResource(local.s3, type, inputs("arn:aws:kms:eu-central-1:000000000000:key/1")),
      /rules: NotFoundException: Invalid arn eu-central-1\. Give the ARN of a KMS key in eu-west-1/,
    );
    const setting = await createResource(local.s3, type, inputs(key));
    assert.deepEqual(
      ["arn:aws:s3:::site", "arn:aws:s3:::site/a/b", "arn:aws:s3:::other"].map((arn) =>
        local.s3.kmsKeyOf(arn),
      ),
      [key, key, undefined],
    );
    await deleteResource(local.s3, setting);
    assert.equal(local.s3.kmsKeyOf("arn:aws:s3:::site"), undefined);
  });

  it("are replaced when the bucket changes", () => {
    const replacing = (type: string) => Object.keys(local.s3.resourceHandlers[`aws:s3/${type}`].replacing);
    assert.deepEqual(replacing("bucket:Bucket"), ["bucket"]);
    assert.deepEqual(replacing("bucketObjectv2:BucketObjectv2"), ["bucket", "key"]);
    for (const [type, { replacing: inputs }] of Object.entries(local.s3.resourceHandlers))
      assert.ok("bucket" in inputs, type);
  });
});
