import assert from "node:assert/strict";
import { requestOrigins } from "../../../../local/aws/cloudfront/origins";

const ORIGINS = ["first", "second"].map((domainName) => ({ domainName, signedAs: undefined }));

describe("Origin group", () => {
  /** Returns the requested origins and the result when they return these statuses; undefined refuses the connection. */
  async function requestWith(
    failoverStatuses: readonly number[],
    statuses: Readonly<Record<string, number | undefined>>,
  ): Promise<string> {
    const requested: string[] = [];
    const { status } = await requestOrigins(
      { origins: ORIGINS, failoverStatuses },
      "/a",
      undefined,
      async (name) => {
        requested.push(name);
        const found = statuses[name];
        return found === undefined ? undefined : { status: found, headers: {}, body: Buffer.alloc(0) };
      },
    );
    return `${requested.join(", ")}: ${status}`;
  }

  it("uses the second origin only after the statuses of its failover criteria", async () => {
    assert.equal(await requestWith([500, 404], { first: 200, second: 200 }), "first: 200");
    assert.equal(await requestWith([500, 404], { first: 404, second: 200 }), "first, second: 200");
    assert.equal(await requestWith([500, 404], { first: 403, second: 200 }), "first: 403");
    assert.equal(await requestWith([], { first: 500, second: 200 }), "first: 500");
  });

  it("returns any response of the second origin", async () => {
    assert.equal(await requestWith([500, 404], { first: 404, second: 500 }), "first, second: 500");
  });

  it("treats a refused connection as status 503", async () => {
    assert.equal(await requestWith([503], { first: undefined, second: 200 }), "first, second: 200");
    assert.equal(await requestWith([500], { first: undefined, second: 200 }), "first: 503");
    assert.equal(await requestWith([503], { first: undefined, second: undefined }), "first, second: 503");
  });
});
