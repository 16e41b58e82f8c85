import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { compress } from "../../../../local/aws/cloudfront/compression";
import type { CachePolicy, OriginResponse } from "../../../../local/aws/cloudfront/model";

const POLICY: CachePolicy = { minTtl: 0, defaultTtl: 60, maxTtl: 1000, gzip: true, brotli: true };
const TEXT = "ticket ".repeat(200);

function responseOf(
  more: Partial<OriginResponse> = {},
  headers: Record<string, string> = {},
): OriginResponse {
  return {
    status: 200,
    headers: { "content-type": "text/javascript; charset=utf-8", etag: '"one"', ...headers },
    body: Buffer.from(TEXT),
    ...more,
  };
}

describe("compress", () => {
  it("prefers Brotli to gzip, and makes the entity tag weak", async () => {
    const brotli = await compress(responseOf(), POLICY, "gzip, deflate, br");
    assert.equal(brotliDecompressSync(brotli.body).toString(), TEXT);
    assert.equal(brotli.headers["content-encoding"], "br");
    assert.equal(brotli.headers["content-length"], String(brotli.body.length));
    assert.deepEqual([brotli.headers.etag, brotli.headers.vary], ['W/"one"', "accept-encoding"]);
    const gzip = await compress(responseOf(), POLICY, "gzip");
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(gzip.body).toString(), TEXT);
  });

  it("uses only encodings that the cache policy and the viewer allow", async () => {
    const chosen = async (policy: Partial<CachePolicy>, accept?: string): Promise<string | undefined> =>
      (await compress(responseOf(), { ...POLICY, ...policy }, accept)).headers["content-encoding"];
    assert.equal(await chosen({ brotli: false }, "br, gzip"), "gzip");
    assert.equal(await chosen({ brotli: false, gzip: false }, "br, gzip"), undefined);
    assert.equal(await chosen({ maxTtl: 0 }, "br, gzip"), undefined);
    assert.equal(await chosen({}, "br;q=0, gzip;q=0.5"), "gzip");
    assert.equal(await chosen({}, "GZIP"), "gzip");
    assert.equal(await chosen({}, "identity"), undefined);
    assert.equal(await chosen({}), undefined);
  });

  it("does not compress small, compressed or partial responses, or other content types", async () => {
    for (const answer of [
      responseOf({ body: Buffer.from("x".repeat(999)) }),
      responseOf({}, { "content-encoding": "gzip" }),
      responseOf({}, { "content-type": "image/png" }),
      responseOf({}, { "content-type": "text/javascriptx" }),
      responseOf({ status: 206 }),
    ])
      assert.equal(await compress(answer, POLICY, "br"), answer);
    assert.notEqual(
      (await compress(responseOf({ body: Buffer.from("x".repeat(1000)) }), POLICY, "br")).body.length,
      1000,
    );
  });
});
