import assert from "node:assert/strict";
import { requestOrigins } from "../../../../local/aws/cloudfront/origins";

const ORIGINS = ["first", "second"].map((domainName) => ({
  domainName,
  signedAs: undefined,
  completionTimeout: undefined,
}));
/** Length of a second of the timeouts, in milliseconds. */
const SECOND_MS = 2;

describe("Origin group", () => {
  /** Returns the requested origins and the result when they return these statuses; undefined refuses the connection, `silent` never answers. */
  async function requestWith(
    failoverStatuses: readonly number[],
    statuses: Readonly<Record<string, number | "silent" | undefined>>,
  ): Promise<string> {
    const requested: string[] = [];
    const { status } = await requestOrigins(
      { origins: ORIGINS, failoverStatuses },
      "/a",
      undefined,
      async (name) => {
        requested.push(name);
        const found = statuses[name];
        if (found === "silent") return new Promise(() => undefined);
        return found === undefined ? undefined : { status: found, headers: {}, body: Buffer.alloc(0) };
      },
      SECOND_MS,
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

  it("uses the second origin when the first refuses the connection, whatever the criteria", async () => {
    assert.equal(await requestWith([500], { first: undefined, second: 200 }), "first, second: 200");
    assert.equal(await requestWith([500], { first: undefined, second: undefined }), "first, second: 503");
  });

  it("uses the second origin when the first accepts a request and does not answer for 30 seconds", async () => {
    const startedAt = performance.now();
    assert.equal(await requestWith([500], { first: "silent", second: 200 }), "first, second: 200");
    assert.ok(performance.now() - startedAt >= 30 * SECOND_MS - 1);
  });

  it("returns 504 when neither origin answers", async () => {
    assert.equal(await requestWith([500], { first: "silent", second: "silent" }), "first, second: 504");
  });
});
