import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { openS3, s3Client, type OpenS3 } from "../../support/open-s3";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const CACHED = { contentType: "text/html", cacheControl: "max-age=60", metadata: { built: "1" } };

describe("S3 object resource", () => {
  let local: OpenS3;
  let client: S3Client;
  let bucket: ExistingResource;

  beforeEach(async () => {
    local = await openS3();
    client = s3Client(local);
    bucket = await createResource(local.s3, "aws:s3/bucket:Bucket", { bucket: "pages" });
  });
  afterEach(async () => {
    client.destroy();
    await local.close();
  });

  const create = (inputs: object): Promise<ExistingResource> =>
    createResource(local.s3, OBJECT, { bucket: "pages", key: "index.html", ...inputs });
  const stored = async () => {
    const object = await client.send(new GetObjectCommand({ Bucket: "pages", Key: "index.html" }));
    const body = await object.Body?.transformToString();
    return [body, object.ContentType, object.CacheControl, object.Metadata?.built];
  };

  it("changes its content and headers in place", async () => {
    const first = await create({ content: "one", ...CACHED });
    assert.deepEqual(await stored(), ["one", "text/html", "max-age=60", "1"]);
    const second = await updateResource(local.s3, first, {
      ...first.inputs,
      content: undefined,
      source: new pulumi.asset.StringAsset("two"),
      cacheControl: "no-cache",
    });
    assert.deepEqual(await stored(), ["two", "text/html", "no-cache", "1"]);
    assert.deepEqual([second.id, second.outputs.etag === first.outputs.etag], ["pages/index.html", false]);
    await updateResource(local.s3, second, { bucket: "pages", key: "index.html", content: "two" });
    assert.deepEqual(await stored(), ["two", "binary/octet-stream", undefined, undefined]);
  });

  it("keeps its content when an update is rejected", async () => {
    const object = await create({ content: "one", ...CACHED });
    const both = { ...object.inputs, source: new pulumi.asset.StringAsset("two") };
    await assert.rejects(updateResource(local.s3, object, both), /exactly one of source and content/);
    assert.equal((await stored())[0], "one");
  });

  it("reads the file of an asset again at each update", async () => {
    const folder = mkdtempSync(join(tmpdir(), "object-"));
    try {
      const path = join(folder, "index.html");
      writeFileSync(path, "one");
      const object = await create({ source: new pulumi.asset.FileAsset(path) });
      writeFileSync(path, "two");
      await updateResource(local.s3, object, object.inputs);
      assert.equal((await stored())[0], "two");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has its logical name as key if the program sets none", async () => {
    const options = { name: "config.json" };
    const object = await createResource(local.s3, OBJECT, { bucket: "pages", content: "{}" }, options);
    assert.equal(object.id, "pages/config.json");
    await updateResource(local.s3, object, { bucket: "pages", content: "[]" });
    assert.equal(await local.s3.objectCount("arn:aws:s3:::pages"), 1);
    await deleteResource(local.s3, object);
    assert.equal(await local.s3.objectCount("arn:aws:s3:::pages"), 0);
  });

  it("is read with the declared inputs while they are in effect", async () => {
    const object = await create({ content: "one", ...CACHED });
    const { id, inputs, outputs } = object;
    assert.deepEqual(await readResource(local.s3, object), { id, inputs, outputs });
    const bare = await create({ source: new pulumi.asset.StringAsset("one") });
    assert.deepEqual((await readResource(local.s3, bare))?.inputs, bare.inputs);
  });

  it("is read with the declared inputs when only they are stored, as after an interrupted creation", async () => {
    const object = await create({ source: new pulumi.asset.StringAsset("one"), ...CACHED });
    const { id, inputs, outputs } = object;
    assert.deepEqual(await readResource(local.s3, { ...object, outputs: inputs }), { id, inputs, outputs });
  });

  it("is read with the content and headers that another program stored", async () => {
    const object = await create({ content: "one", ...CACHED });
    const overwrite = { Bucket: "pages", Key: "index.html", Body: "other", ContentType: "text/plain" };
    await client.send(new PutObjectCommand(overwrite));
    const read = await readResource(local.s3, object);
    assert.deepEqual(read?.inputs, {
      bucket: "pages",
      key: "index.html",
      content: "other",
      contentType: "text/plain",
      cacheControl: undefined,
      metadata: {},
    });
    assert.notEqual(read?.outputs.etag, object.outputs.etag);
    assert.deepEqual(Object.keys(read?.outputs ?? {}), Object.keys(object.outputs));
    const fromFile = {
      ...object,
      inputs: { ...object.inputs, content: undefined, source: new pulumi.asset.FileAsset("package.json") },
    };
    const { source } = (await readResource(local.s3, fromFile))?.inputs ?? {};
    assert.equal(await (source as pulumi.asset.StringAsset).text, "other");
  });

  it("is read as gone when it or its bucket was deleted", async () => {
    const object = await create({ content: "one" });
    await client.send(new DeleteObjectCommand({ Bucket: "pages", Key: "index.html" }));
    assert.equal(await readResource(local.s3, object), undefined);
    await deleteResource(local.s3, object);
    await deleteResource(local.s3, bucket);
    assert.equal(await readResource(local.s3, object), undefined);
    await deleteResource(local.s3, object);
  });
});
