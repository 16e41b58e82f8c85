import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import * as pulumi from "@pulumi/pulumi";
import { createResource } from "../../support/create-resource";
import { openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";
import { openS3, s3Client, type OpenS3 } from "../../support/open-s3";
import { credentialsWith } from "../../support/function-roles";

const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const ARN = "arn:aws:s3:::failed";

describe("LocalS3", () => {
  const clients: S3Client[] = [];
  let open: OpenEndpoint;
  let local: OpenS3;

  beforeEach(async () => {
    open = await openEndpoint();
    local = await openS3();
    open.endpoint.register("s3", "eu-west-1", local.s3.endpoint("eu-west-1"));
    await createResource(local.s3, BUCKET, { bucket: "failed" });
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await open.endpoint.close();
    await local.close();
  });

  async function clientWith(Action: string[], Resource: string[], Condition?: object): Promise<S3Client> {
    const statement = { Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
    const credentials = await credentialsWith(open.iam, [statement]);
    const client = new S3Client({ endpoint: open.url, region: "eu-west-1", credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  }
  const denied = (what: string) => (error: Error) => {
    assert.equal(error.name, "AccessDenied");
    assert.ok(error.message.includes(what), error.message);
    return true;
  };

  it("returns the provider's outputs of a bucket", async () => {
    const { id, outputs } = await createResource(
      local.s3,
      BUCKET,
      {},
      { region: "ap-southeast-1", name: "ui" },
    );
    assert.equal(id, "ui-0123456");
    assert.equal(outputs.arn, "arn:aws:s3:::ui-0123456");
    assert.equal(outputs.bucketRegionalDomainName, "ui-0123456.s3.ap-southeast-1.amazonaws.com");
  });

  it("stores objects from text, files and string assets with headers, and SDK clients can read them", async () => {
    const put = (key: string, inputs: object) =>
      createResource(local.s3, OBJECT, { bucket: "failed", key, ...inputs });
    await put("a b/ü.txt", { content: "text", contentType: "text/plain", cacheControl: "max-age=60" });
    await put("file", { source: new pulumi.asset.FileAsset("package.json"), metadata: { origin: "disk" } });
    const { id, outputs } = await put("asset", { source: new pulumi.asset.StringAsset("asset") });
    assert.deepEqual([id, outputs.etag], ["failed/asset", md5("asset")]);
    const client = await clientWith(["s3:GetObject"], [`${ARN}/*`]);
    const get = (Key: string) => client.send(new GetObjectCommand({ Bucket: "failed", Key }));
    const text = await get("a b/ü.txt");
    assert.equal(await text.Body?.transformToString(), "text");
    assert.deepEqual([text.ContentType, text.CacheControl], ["text/plain", "max-age=60"]);
    const file = await get("file");
    assert.match((await file.Body?.transformToString()) ?? "", /"name": "tickets-in-two-regions"/);
    assert.deepEqual([file.ContentType, file.Metadata], ["binary/octet-stream", { origin: "disk" }]);
    assert.equal((await get("asset")).ETag, `"${outputs.etag}"`);
  });

  it("allows a role exactly the object operations in its policy", async () => {
    const client = await clientWith(["s3:PutObject"], [`${ARN}/lambda/*`]);
    const Key = "lambda/record.json";
    const Body = Buffer.alloc(300_000, "r");
    await client.send(new PutObjectCommand({ Bucket: "failed", Key, Body, CacheControl: "no-store" }));
    assert.equal(await local.s3.objectCount(ARN), 1);
    const elsewhere = new PutObjectCommand({ Bucket: "failed", Key: "other", Body });
    await assert.rejects(client.send(elsewhere), denied(`s3:PutObject on resource: ${ARN}/other`));
    await assert.rejects(
      client.send(new GetObjectCommand({ Bucket: "failed", Key })),
      denied("s3:GetObject"),
    );
    await assert.rejects(
      client.send(new DeleteObjectCommand({ Bucket: "failed", Key })),
      denied("s3:DeleteObject"),
    );
    const copy = new CopyObjectCommand({ Bucket: "failed", Key: "lambda/copy", CopySource: `failed/${Key}` });
    await assert.rejects(client.send(copy), denied("s3:GetObject"));
    await assert.rejects(
      client.send(new HeadObjectCommand({ Bucket: "failed", Key })),
      (error: S3ServiceException) => error.$metadata.httpStatusCode === 403,
    );
    assert.equal(await local.s3.objectCount(ARN), 1);
  });

  it("stores a body that the SDK streams in signed chunks, byte for byte", async () => {
    const client = await clientWith(["s3:PutObject", "s3:GetObject"], [`${ARN}/*`]);
    const Body = Buffer.alloc(300_000, "s");
    const streamed = { Body: Readable.from([Body]), ContentLength: Body.length, CacheControl: "no-store" };
    await client.send(new PutObjectCommand({ Bucket: "failed", Key: "k", ...streamed }));
    const stored = await client.send(new GetObjectCommand({ Bucket: "failed", Key: "k" }));
    assert.ok(Body.equals((await stored.Body?.transformToByteArray()) ?? Buffer.alloc(0)));
    assert.deepEqual([stored.CacheControl, stored.ContentEncoding], ["no-store", undefined]);
  });

  it("requires s3:ListBucket on the bucket to list it, with the prefix as a condition key", async () => {
    const client = await clientWith(["s3:ListBucket"], [ARN], { StringLike: { "s3:prefix": "lambda/*" } });
    const list = (Prefix?: string) => client.send(new ListObjectsV2Command({ Bucket: "failed", Prefix }));
    assert.equal((await list("lambda/2025")).KeyCount, 0);
    await assert.rejects(list("other/"), denied(`s3:ListBucket on resource: ${ARN}`));
    await assert.rejects(list(), denied("s3:ListBucket"));
  });

  it("rejects operations whose permissions it cannot check", async () => {
    const client = await clientWith(["*"], ["*"]);
    await assert.rejects(
      client.send(new GetBucketPolicyCommand({ Bucket: "failed" })),
      /cannot check .*GET policy/,
    );
  });

  it("counts objects under a prefix, and throws for a bucket that does not exist", async () => {
    for (const key of ["a/1", "a/2", "b/1"])
      await createResource(local.s3, OBJECT, { bucket: "failed", key, content: key });
    assert.deepEqual([await local.s3.objectCount(ARN), await local.s3.objectCount(ARN, "a/")], [3, 2]);
    await assert.rejects(local.s3.objectCount("arn:aws:s3:::none"), /NoSuchBucket.*none/);
    await createResource(local.s3, BUCKET, { bucket: "gone" });
    const client = s3Client(local);
    clients.push(client);
    await client.send(new DeleteBucketCommand({ Bucket: "gone" }));
    await assert.rejects(local.s3.objectCount("arn:aws:s3:::gone"), /^Error: NoSuchBucket.*gone/);
  });

  it("rejects bucket names and objects that S3 rejects, and unsupported inputs", async () => {
    await assert.rejects(createResource(local.s3, BUCKET, { bucket: "Failed" }), /bucket name "Failed"/);
    await assert.rejects(
      createResource(local.s3, BUCKET, { website: { indexDocument: "i" } }),
      /does not support website.*separate/,
    );
    await assert.rejects(createResource(local.s3, OBJECT, { bucket: "none", content: "" }), /NoSuchBucket/);
    await assert.rejects(
      createResource(local.s3, OBJECT, { bucket: "failed", key: "k" }),
      /exactly one of source and content/,
    );
    const asset = new pulumi.asset.RemoteAsset("https://example.com");
    await assert.rejects(
      createResource(local.s3, OBJECT, { bucket: "failed", source: asset }),
      /FileAsset or a StringAsset/,
    );
  });

  it("accepts settings without effect here, for existing buckets", async () => {
    const type = "aws:s3/bucketVersioning:BucketVersioning";
    assert.equal((await createResource(local.s3, type, { bucket: "failed" })).id, "failed");
    await assert.rejects(createResource(local.s3, type, { bucket: "none" }), /NoSuchBucket/);
  });
});

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
