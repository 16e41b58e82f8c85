import assert from "node:assert/strict";
import { ALIAS, OpenCloudFront } from "./open-cloudfront";

const SCRIPT = "console.log('tickets');".repeat(100);

describe("CloudFront distribution of two private buckets", () => {
  let open: OpenCloudFront;
  let arn: string;

  before(async () => {
    open = await OpenCloudFront.open();
    const domainNames = await open.buckets();
    const inputs = await open.distributionInputs(domainNames);
    const { id: responseHeadersPolicyId } = await open.make("responseHeadersPolicy:ResponseHeadersPolicy", {
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: "default-src 'self'", override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { referrerPolicy: "no-referrer", override: true },
        strictTransportSecurity: {
          accessControlMaxAgeSec: 63_072_000,
          includeSubdomains: true,
          override: true,
        },
      },
      customHeadersConfig: {
        items: [
          { header: "Permissions-Policy", value: "camera=()", override: true },
          { header: "Cache-Control", value: "max-age=5", override: false },
        ],
      },
    });
    Object.assign(inputs.defaultCacheBehavior, { responseHeadersPolicyId });
    const made = await open.distribution(inputs);
    arn = String(made.outputs.arn);
    for (const region of ["ireland", "singapore"]) {
      const bucket = `${region}-page`;
      await open.put(bucket, "index.html", `<h1>page of ${region}</h1>`, "text/html", "no-cache");
      await open.put(
        bucket,
        "assets/app.js",
        SCRIPT,
        "text/javascript",
        "public, max-age=31536000, immutable",
      );
      await open.allow(bucket, arn);
    }
  });
  afterEach(() => {
    open.local.regions.setState("ireland", "up");
    open.local.regions.setState("singapore", "up");
  });
  after(() => open.close());

  it("serves the default root object of the first bucket over TLS, with the certificate of the alias", async () => {
    const { status, headers, body } = await open.ask("/?from=bookmark");
    assert.deepEqual([status, body.toString()], [200, "<h1>page of ireland</h1>"]);
    assert.equal(headers["content-type"], "text/html");
    assert.match(arn, /^arn:aws:cloudfront::000000000000:distribution\/E[0-9A-Z]{13}$/);
  });

  it("adds all headers of its policy, and keeps those of the origin where the policy requires it", async () => {
    const { headers } = await open.ask("/");
    const expected = {
      "content-security-policy": "default-src 'self'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "permissions-policy": "camera=()",
      "cache-control": "no-cache",
    };
    assert.deepEqual(
      Object.fromEntries(Object.keys(expected).map((name) => [name, headers[name]])),
      expected,
    );
  });

  it("serves from the second bucket while the region of the first is down, and then from the first again", async () => {
    open.local.regions.setState("ireland", "down");
    assert.equal((await open.ask("/")).body.toString(), "<h1>page of singapore</h1>");
    open.local.regions.setState("ireland", "up");
    assert.equal((await open.ask("/")).body.toString(), "<h1>page of ireland</h1>");
  });

  it("reaches an isolated region", async () => {
    open.local.regions.setState("ireland", "isolated");
    assert.equal((await open.ask("/")).body.toString(), "<h1>page of ireland</h1>");
  });

  it("returns 503 when both regions are down, except for cached responses", async () => {
    assert.equal((await open.ask("/assets/app.js")).status, 200);
    open.local.regions.setState("ireland", "down");
    open.local.regions.setState("singapore", "down");
    // Another path than that of other tests, because an error is cached for ten seconds.
    const { status, headers } = await open.ask("/while-both-are-down");
    assert.deepEqual([status, headers["x-cache"]], [503, "Error from cloudfront"]);
    const kept = await open.ask("/assets/app.js");
    assert.deepEqual([kept.status, kept.headers["x-cache"]], [200, "Hit from cloudfront"]);
    assert.match(String(kept.headers.age), /^\d+$/);
  });

  it("caches files with a hash in their name, and revalidates all others", async () => {
    await open.ask("/assets/app.js");
    assert.equal((await open.ask("/assets/app.js")).headers["x-cache"], "Hit from cloudfront");
    await open.ask("/");
    assert.equal((await open.ask("/")).headers["x-cache"], "RefreshHit from cloudfront");
    await open.put("ireland-page", "index.html", "<h1>new page</h1>", "text/html", "no-cache");
    const changed = await open.ask("/");
    assert.deepEqual(
      [changed.headers["x-cache"], changed.body.toString()],
      ["Miss from cloudfront", "<h1>new page</h1>"],
    );
    await open.put("ireland-page", "index.html", "<h1>page of ireland</h1>", "text/html", "no-cache");
  });

  it("returns 304 to a viewer whose copy is current, compressed or not", async () => {
    for (const accept of ["identity", "gzip"]) {
      const headers = { "accept-encoding": accept };
      const { etag } = (await open.ask("/assets/app.js", { headers })).headers;
      const again = await open.ask("/assets/app.js", {
        headers: { ...headers, "if-none-match": String(etag) },
      });
      assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, etag], accept);
    }
    assert.equal((await open.ask("/assets/app.js", { headers: { "if-none-match": '"other"' } })).status, 200);
  });

  it("answers HEAD without a body, and rejects every other method", async () => {
    const head = await open.ask("/assets/app.js", { method: "HEAD" });
    assert.deepEqual(
      [head.status, head.headers["content-length"], head.body.length],
      [200, String(SCRIPT.length), 0],
    );
    const post = await open.ask("/", { method: "POST" });
    assert.equal(post.status, 403);
    assert.match(post.body.toString(), /not configured to allow the HTTP request method POST/);
  });

  it("redirects HTTP to HTTPS", async () => {
    const { status, headers } = await open.ask("/assets/app.js?v=1", { plain: true });
    const location = `https://${ALIAS}:${open.cloudFront.httpsPort}/assets/app.js?v=1`;
    assert.deepEqual([status, headers.location], [301, location]);
  });

  it("returns 404 for a missing object only if it may list the bucket", async () => {
    const missing = await open.ask("/nothing.js");
    assert.deepEqual([missing.status, missing.headers["content-type"]], [404, "application/xml"]);
    assert.match(missing.body.toString(), /<Code>NoSuchKey<\/Code>/);
    for (const path of ["/..%2Fsingapore-page%2Findex.html", "/a/../../singapore-page/index.html"])
      assert.equal((await open.ask(path)).status, 404, path);
    for (const path of ["/%E0%A4%A", "/%2E%2E"]) assert.equal((await open.ask(path)).status, 400, path);
  });

  it("responds to no names but its aliases", async () => {
    await assert.rejects(open.ask("/", { host: "other.tickets.test" }), /disconnected before secure TLS/);
    const { status } = await open.ask("/", { headers: { host: "other.tickets.test" } });
    assert.equal(status, 403);
  });

  it("is an alias target without a region", () => {
    const [target] = open.targets;
    assert.match(target.name, /^d[0-9a-z]{13}\.cloudfront\.net$/);
    assert.deepEqual([target.zoneId, target.region], ["Z2FDTNDATAQYW2", undefined]);
  });
});

describe("Private bucket", () => {
  let open: OpenCloudFront;

  beforeEach(async () => {
    open = await OpenCloudFront.open();
  });
  afterEach(() => open.close());

  async function statusWith(sourceArn: (own: string) => string, signed = true): Promise<number | undefined> {
    const inputs = await open.distributionInputs(await open.buckets());
    if (!signed)
      inputs.origins = (inputs.origins as object[]).map((origin) => ({
        ...origin,
        originAccessControlId: undefined,
      }));
    const { outputs } = await open.distribution(inputs);
    await open.put("ireland-page", "index.html", "page", "text/html");
    await open.allow("ireland-page", sourceArn(String(outputs.arn)));
    return (await open.ask("/")).status;
  }

  it("serves the distribution in its policy", async () => {
    assert.equal(await statusWith((own) => own), 200);
  });

  it("denies another distribution", async () => {
    assert.equal(await statusWith((own) => `${own}X`), 403);
  });

  it("denies a distribution that does not sign its requests", async () => {
    assert.equal(await statusWith((own) => own, false), 403);
  });

  it("returns S3's 404 when it no longer exists", async () => {
    const gone = await open.local.s3.get("gone-page.s3.eu-west-1.amazonaws.com", { path: "/index.html" });
    assert.equal(gone?.status, 404);
    assert.match(String(gone?.body), /<Code>NoSuchBucket<\/Code>/);
  });

  it("serves nothing when its policy cannot be evaluated, and logs why", async () => {
    const { outputs } = await open.distribution(await open.distributionInputs(await open.buckets()));
    await open.allow("ireland-page", String(outputs.arn));
    const [bucket] = [open.local.s3.bucketAt("ireland-page.s3.eu-west-1.amazonaws.com")];
    bucket.policy = bucket.policy.map((statement) => ({
      ...statement,
      conditions: [{ operator: "StringEquals", key: "aws:ViaAWSService", values: ["true"] }],
    }));
    assert.equal((await open.ask("/")).status, 500);
    assert.match(open.logged.join("\n"), /cloudfront: GET \/ failed: .*aws:ViaAWSService/);
  });
});
