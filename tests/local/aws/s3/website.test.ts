import assert from "node:assert/strict";
import { createServer } from "node:net";
import { closeServer, listen } from "../../../../local/aws/listen";
import { createResource } from "../../support/create-resource";
import { createWebsite, publicRead, putObject, type WebsiteOptions } from "../../support/create-website";
import { openS3, type OpenS3 } from "../../support/open-s3";
import { statusOf } from "../../support/status-of";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const publicList = (bucket: string) => ({
  Statement: [
    ...publicRead(bucket).Statement,
    { Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:ListBucket", Resource: `arn:aws:s3:::${bucket}` },
  ],
});

describe("Website bucket", () => {
  let local: OpenS3;
  let url: string;

  const website = async (bucket: string, options?: WebsiteOptions): Promise<string> =>
    (await createWebsite(local.s3, bucket, options)).url;
  const put = (key: string, content: string, bucket = "site") => putObject(local.s3, bucket, key, content);

  beforeEach(async () => {
    local = await openS3();
    url = await website("site");
    await put("index.html", "<h1>home</h1>");
    await put("docs/index.html", "<h1>docs</h1>");
    const headers = { contentType: "text/javascript", cacheControl: "max-age=31536000" };
    await putObject(local.s3, "site", "app.js", "1", headers);
  });
  afterEach(() => local.close());

  it("serves objects with content type, cache control and entity tag, and the index for a path with a slash", async () => {
    const home = await fetch(`${url}/`);
    assert.equal(await home.text(), "<h1>home</h1>");
    assert.deepEqual([home.status, home.headers.get("content-type")], [200, "text/html"]);
    const script = await fetch(`${url}/app.js?v=1`);
    assert.equal(script.headers.get("cache-control"), "max-age=31536000");
    assert.match(script.headers.get("etag") ?? "", /^"[\da-f]{32}"$/);
    assert.equal(await (await fetch(`${url}/docs/`)).text(), "<h1>docs</h1>");
  });

  it("redirects a path without the slash to its index", async () => {
    const answer = await fetch(`${url}/docs`, { redirect: "manual" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/docs/"]);
  });

  it("returns 304 to a client whose copy is current, and parts for a range", async () => {
    const etag = (await fetch(`${url}/app.js`)).headers.get("etag") as string;
    const again = await fetch(`${url}/app.js`, { headers: { "if-none-match": `"other", W/${etag}` } });
    assert.deepEqual([again.status, await again.text()], [304, ""]);
    assert.equal(again.headers.get("cache-control"), "max-age=31536000");
    const other = await fetch(`${url}/app.js`, { headers: { "if-none-match": '"other"' } });
    assert.equal(other.status, 200);
    const part = await fetch(`${url}/index.html`, { headers: { range: "bytes=4-7" } });
    assert.deepEqual([part.status, await part.text()], [206, "home"]);
    assert.equal((await fetch(url, { headers: { range: "bytes=99-" } })).status, 416);
  });

  it("answers HEAD without a body and rejects every other method", async () => {
    const head = await fetch(`${url}/app.js`, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "1", ""]);
    const post = await fetch(url, { method: "POST", body: "x" });
    assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
    assert.match(await post.text(), /MethodNotAllowed/);
  });

  it("returns 403 for a missing object to clients who may not list the bucket", async () => {
    const missing = await fetch(`${url}/<none>`);
    assert.deepEqual([missing.status, missing.headers.get("x-amz-error-code")], [403, "AccessDenied"]);
    assert.match(await missing.text(), /Code: AccessDenied.*\n.*\n.*Key: &#60;none&#62;/);
    const listed = await website("listed", { policy: publicList("listed") });
    const notFound = await fetch(`${listed}/none`);
    assert.deepEqual([notFound.status, notFound.headers.get("x-amz-error-code")], [404, "NoSuchKey"]);
  });

  it("returns the error document with the status of the error", async () => {
    const configuration = { errorDocument: { key: "error.html" } };
    const withError = await website("with-error", { policy: publicList("with-error"), configuration });
    await put("error.html", "<h1>sorry</h1>", "with-error");
    const answer = await fetch(`${withError}/none`);
    assert.deepEqual([answer.status, await answer.text()], [404, "<h1>sorry</h1>"]);
    assert.equal(answer.headers.get("content-type"), "text/html");
  });

  it("rejects malformed paths and serves only its own bucket", async () => {
    for (const path of ["/%E0%A4%A", "/..", "/%2E%2E"]) assert.equal(await statusOf(url, path), 400, path);
    await website("secret", { policy: null });
    await put("key", "secret", "secret");
    for (const path of ["/../secret/key", "/..%2Fsecret%2Fkey", "/a/../../secret/key"])
      assert.equal(await statusOf(url, path), 403, path);
  });

  it("denies the public without a policy, with a policy for others, and with a deny", async () => {
    const denying = {
      Statement: [
        ...publicRead("denied").Statement,
        { ...publicRead("denied").Statement[0], Effect: "Deny", Action: "s3:*" },
      ],
    };
    const service = { Principal: { Service: "cloudfront.amazonaws.com" } };
    const policies = { none: null, served: publicRead("served", service), denied: denying };
    for (const [bucket, policy] of Object.entries(policies)) {
      const closed = await website(bucket, { policy });
      await put("index.html", "secret", bucket);
      assert.equal((await fetch(closed)).status, 403, bucket);
    }
  });

  it("denies access with a policy that requires TLS, which website endpoints do not have", async () => {
    const Condition = { Bool: { "aws:SecureTransport": "true" } };
    const closed = await website("tls-only", { policy: publicRead("tls-only", { Condition }) });
    await put("index.html", "secret", "tls-only");
    assert.equal((await fetch(closed)).status, 403);
  });

  it("blocks public access until its public access block allows it", async () => {
    await createResource(local.s3, "aws:s3/bucket:Bucket", { bucket: "fresh" });
    const policy = { bucket: "fresh", policy: publicRead("fresh") };
    await assert.rejects(
      createResource(local.s3, POLICY, policy),
      /AccessDenied.*fresh is public.*blockPublicPolicy: false/,
    );
    await createResource(local.s3, BLOCK, { bucket: "site", restrictPublicBuckets: true });
    assert.equal((await fetch(url)).status, 403);
  });

  it("cannot become public, and is no longer readable, while the account blocks public access", async () => {
    const nothing = { blockPublicAcls: false, ignorePublicAcls: false };
    const block = { ...nothing, blockPublicPolicy: true, restrictPublicBuckets: true };
    local.s3.accountPublicAccessBlock = block;
    assert.equal((await fetch(url)).status, 403);
    await assert.rejects(
      website("later"),
      /AccessDenied.*later is public and the BlockPublicPolicy setting of its account/,
    );
    local.s3.accountPublicAccessBlock = undefined;
    assert.equal((await fetch(url)).status, 200);
  });

  it("does not respond while its region is down, and responds again afterwards", async () => {
    local.regions.setState("ireland", "down");
    await assert.rejects(statusOf(url), { code: "ECONNREFUSED" });
    local.regions.setState("ireland", "up");
    assert.equal(await statusOf(url), 200);
  });

  it("is listed with bucket, region and URL", async () => {
    const there = await website("site2", { region: "ap-southeast-1" });
    assert.deepEqual(local.s3.websiteUrls(), [
      { bucket: "site", region: "eu-west-1", url },
      { bucket: "site2", region: "ap-southeast-1", url: there },
    ]);
  });

  it("uses the website port of its region if it is the first there, and names the purpose of a port in use", async () => {
    const occupant = createServer();
    const port = await listen(occupant, { port: 0, purpose: "a test" });
    await local.close();
    local = await openS3({ websitePorts: { "eu-west-1": port } });
    await assert.rejects(website("site"), new RegExp(`Port ${port} .*the website site in eu-west-1`));
    await closeServer(occupant);
    await local.close();
    local = await openS3({ websitePorts: { "eu-west-1": port } });
    assert.equal(await website("site"), `http://127.0.0.1:${port}`);
    assert.notEqual(await website("site2"), `http://127.0.0.1:${port}`);
  });

  it("rejects redirects and index documents with a slash", async () => {
    const configure = (configuration: object) => website("odd", { configuration });
    await assert.rejects(
      configure({ redirectAllRequestsTo: { hostName: "x" } }),
      /does not support redirectAllRequestsTo/,
    );
    await local.close();
    local = await openS3();
    await assert.rejects(configure({ indexDocument: { suffix: "a/b" } }), /suffix is "a\/b"/);
  });
});
