import assert from "node:assert/strict";
import { errorRulesOf } from "../../../../local/aws/cloudfront/error-rules";
import { OpenCloudFront } from "./open-cloudfront";

/** Seconds of CloudFront are this many milliseconds, so that its timeouts pass quickly. */
const SECOND_MS = 5;
const PAGE = { errorCode: 404, responseCode: 200, responsePagePath: "/sorry.html", errorCachingMinTtl: 0 };

describe("Errors of the origins of a distribution", () => {
  let open: OpenCloudFront;

  before(async () => {
    open = await OpenCloudFront.open({ secondMs: SECOND_MS });
    const inputs = await open.distributionInputs(await open.buckets());
    const customErrorResponses = [
      PAGE,
      { errorCode: 403, responseCode: 403, responsePagePath: "/none.html" },
    ];
    const made = await open.distribution({ ...inputs, customErrorResponses });
    await open.allow("ireland-page", String(made.outputs.arn));
    for (const bucket of ["ireland-page", "singapore-page"])
      await open.put(bucket, "index.html", bucket, "text/html", "no-cache");
    await open.put("ireland-page", "sorry.html", "Sorry.", "text/html", "no-cache");
    await open.allow("singapore-page", String(made.outputs.arn));
  });
  afterEach(() => open.local.regions.setState("ireland", "up"));
  after(() => open.close());

  it("are replaced by the page of their status, with the status that it has", async () => {
    const { status, body, headers } = await open.ask("/none");
    assert.deepEqual([status, body.toString(), headers["x-cache"]], [200, "Sorry.", "Error from cloudfront"]);
  });

  it("are served from the second bucket after 30 seconds while the region of the first is silent", async () => {
    open.local.regions.setState("ireland", "silent");
    const startedAt = performance.now();
    assert.equal((await open.ask("/")).body.toString(), "singapore-page");
    assert.ok(performance.now() - startedAt >= 30 * SECOND_MS - 1);
  });

  it("have rules with the default of ten seconds, which CloudFront checks", () => {
    const read = (...customErrorResponses: object[]): unknown[] => [
      ...errorRulesOf({ customErrorResponses }),
    ];
    assert.deepEqual(read({ errorCode: 500 }, PAGE), [
      [500, { cachingSeconds: 10, page: undefined }],
      [404, { cachingSeconds: 0, page: { path: "/sorry.html", status: 200 } }],
    ]);
    assert.deepEqual([...errorRulesOf({})], []);
    assert.throws(() => read({ errorCode: 200 }), /customErrorResponses\.200\.errorCode/);
    assert.throws(() => read({ errorCode: 404 }, { errorCode: 404 }), /one custom error response/);
    assert.throws(() => read({ errorCode: 404, responseCode: 200 }), /need each other/);
    assert.throws(() => read({ ...PAGE, responsePagePath: "sorry.html" }), /must begin with a slash/);
  });
});
