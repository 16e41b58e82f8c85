import assert from "node:assert/strict";
import { EdgeCache } from "../../../../local/aws/cloudfront/cache";
import type { CachePolicy, ErrorRule, OriginResponse } from "../../../../local/aws/cloudfront/model";

const POLICY: CachePolicy = { minTtl: 0, defaultTtl: 60, maxTtl: 1000, gzip: true, brotli: true };

describe("EdgeCache", () => {
  let now: number;
  let entityTags: (string | undefined)[];
  let cache: EdgeCache;
  let answer: OriginResponse;
  let rules: Map<number, ErrorRule>;

  beforeEach(() => {
    now = 0;
    entityTags = [];
    rules = new Map();
    cache = new EdgeCache({ now: () => now });
    answer = responseWith("max-age=10");
  });

  function responseWith(cacheControl?: string, status = 200): OriginResponse {
    const headers: Record<string, string> = { etag: '"one"' };
    if (cacheControl !== undefined) headers["cache-control"] = cacheControl;
    return { status, headers, body: Buffer.from(`body ${status}`) };
  }

  async function get(atSeconds: number, policy = POLICY): Promise<string> {
    now = atSeconds * 1000;
    const { result, age } = await cache.get("/key", policy, rules, async (ifNoneMatch) => {
      entityTags.push(ifNoneMatch);
      return answer;
    });
    return `${result} ${age}`;
  }

  it("serves a response until it expires, with its age", async () => {
    assert.deepEqual([await get(0), await get(4), await get(9.999)], ["Miss 0", "Hit 4", "Hit 9"]);
    assert.deepEqual([await get(10), await get(15)], ["Miss 0", "Hit 5"]);
    assert.deepEqual(entityTags, [undefined, '"one"']);
  });

  it("revalidates an expired response by its entity tag and updates its headers", async () => {
    await get(0);
    answer = { status: 304, headers: { "cache-control": "max-age=100" }, body: Buffer.alloc(0) };
    assert.deepEqual(
      [await get(10), await get(109), await get(110)],
      ["RefreshHit 0", "Hit 99", "RefreshHit 0"],
    );
    const { response: served } = await cache.get("/key", POLICY, rules, async () => answer);
    assert.deepEqual(
      [served.status, served.body.toString(), served.headers.etag],
      [200, "body 200", '"one"'],
    );
  });

  for (const [cacheControl, policy, seconds] of [
    [undefined, {}, 60],
    ["public, max-age=500, s-maxage=20", {}, 20],
    ["max-age=31536000, immutable", {}, 1000],
    ["no-cache", {}, 0],
    ["no-store", {}, 0],
    ["no-store", { minTtl: 5 }, 5],
    ["max-age=1", { minTtl: 5 }, 5],
    ["max-age=oops", {}, 0],
  ] as const)
    it(`serves a response for ${seconds} seconds with ${cacheControl ?? "no cache-control"}${policy ? ` and ${JSON.stringify(policy)}` : ""}`, async () => {
      answer = responseWith(cacheControl);
      const given = { ...POLICY, ...policy };
      await get(0, given);
      if (seconds > 0) assert.match(await get(seconds - 0.001, given), /^Hit/);
      assert.match(await get(seconds, given), /^Miss/);
    });

  for (const [status, kind] of [
    [404, "a missing object"],
    [503, "a failure of the origins"],
  ] as const)
    it(`caches ${kind} for ten seconds`, async () => {
      answer = responseWith(undefined, status);
      assert.equal(await get(0), "Error 0");
      answer = responseWith();
      assert.deepEqual([await get(9.999), await get(10)], ["Error 0", "Miss 0"]);
      assert.equal(entityTags.length, 2);
    });

  for (const status of [403, 404, 503])
    it(`caches a ${status} as long as its rule says`, async () => {
      answer = responseWith(undefined, status);
      rules.set(status, { cachingSeconds: 0, page: undefined });
      assert.deepEqual([await get(0), await get(0)], ["Error 0", "Error 0"]);
      assert.equal(entityTags.length, 2);
      rules.set(status, { cachingSeconds: 30, page: undefined });
      await get(0);
      answer = responseWith();
      assert.deepEqual([await get(29.999), await get(30)], ["Error 0", "Miss 0"]);
    });

  it("asks again after a 403, which is not cached", async () => {
    answer = responseWith(undefined, 403);
    assert.deepEqual([await get(0), await get(1)], ["Error 0", "Error 0"]);
    assert.equal(entityTags.length, 2);
  });

  it("serves an expired response while the origins fail, and asks them every ten seconds", async () => {
    await get(0);
    answer = responseWith(undefined, 503);
    assert.deepEqual([await get(10), await get(19), await get(20)], ["Hit 10", "Hit 19", "Hit 20"]);
    assert.equal(entityTags.length, 3);
    answer = responseWith("max-age=10");
    assert.equal(await get(30), "Miss 0");
  });

  for (const [status, cacheControl] of [
    [503, "no-cache"],
    [404, "max-age=10"],
  ] as const)
    it(`serves no expired response with ${cacheControl} in place of a ${status}`, async () => {
      answer = responseWith(cacheControl);
      await get(0);
      answer = responseWith(undefined, status);
      assert.equal(await get(10), "Error 0");
    });

  it("does not cache a response that must not be stored", async () => {
    answer = responseWith("private");
    await get(0);
    await get(1);
    assert.deepEqual(entityTags, [undefined, undefined]);
  });

  it("keeps its entry when the origin returns an error", async () => {
    await get(0);
    answer = responseWith(undefined, 404);
    assert.equal(await get(10), "Error 0");
    answer = { status: 304, headers: {}, body: Buffer.alloc(0) };
    assert.equal(await get(20), "RefreshHit 0");
  });

  it("removes the entry that was revalidated longest ago when it is full", async () => {
    const fetch = async (): Promise<OriginResponse> => responseWith("max-age=1000");
    for (let number = 0; number <= 500; number++) await cache.get(`/${number}`, POLICY, rules, fetch);
    assert.equal((await cache.get("/1", POLICY, rules, fetch)).result, "Hit");
    assert.equal((await cache.get("/0", POLICY, rules, fetch)).result, "Miss");
  });
});
