import assert from "node:assert/strict";
import { loadUiConfig, UiConfigError, parseUiConfig } from "../../ui/src/data/ui-config";

const right = {
  region: { name: "ireland", code: "eu-west-1" },
  apis: [
    { name: "ireland", code: "eu-west-1", url: "https://one.example.com/" },
    { name: "singapore", code: "ap-southeast-1", url: "http://127.0.0.1:4000" },
  ],
  failoverUrl: "https://api.example.com",
};

describe("The page's config.json", () => {
  it("is taken as it stands, but for a slash at the end of an API's URL", () => {
    const config = parseUiConfig(JSON.stringify(right));
    assert.deepEqual(config.region, right.region);
    assert.deepEqual(
      config.apis.map((api) => api.url),
      ["https://one.example.com", "http://127.0.0.1:4000"],
    );
    assert.equal(config.failoverUrl, "https://api.example.com");
  });

  it("may leave out the failover name", () => {
    assert.equal(parseUiConfig(JSON.stringify({ ...right, failoverUrl: undefined })).failoverUrl, undefined);
  });

  const wrong: [string, unknown, RegExp][] = [
    ["a list", [], /not a JSON object/],
    ["no region", { apis: right.apis }, /region must be an object/],
    ["no APIs", { region: right.region }, /apis must be a list/],
    ["an empty list of APIs", { ...right, apis: [] }, /at least one API/],
    [
      "a region without a code",
      { ...right, region: { name: "ireland" } },
      /region\.code must be a non-empty string/,
    ],
    [
      "a region without an API",
      { ...right, apis: [right.apis[1]] },
      /apis must include the API of region\.code/,
    ],
    [
      "another scheme",
      { ...right, apis: [{ ...right.apis[0], url: "ftp://x" }] },
      /apis\[0\]\.url must be an http/,
    ],
    ["a wrong failover name", { ...right, failoverUrl: "api.example.com" }, /failoverUrl must be an http/],
  ];
  for (const [what, value, message] of wrong) {
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => parseUiConfig(JSON.stringify(value)),
        (error) => error instanceof UiConfigError && message.test(error.message),
      );
    });
  }

  it("is refused with everything that is wrong at once", () => {
    assert.throws(
      () => parseUiConfig(JSON.stringify({ region: {}, apis: [{}] })),
      (error) => {
        const message = (error as Error).message;
        return ["region.name", "region.code", "apis[0].url"].every((name) => message.includes(name));
      },
    );
  });

  it("is refused when it is not JSON, and when it is missing", async () => {
    assert.throws(() => parseUiConfig("<html>"), /config\.json is not JSON/);
    await assert.rejects(
      loadUiConfig(async () => new Response("", { status: 404 })),
      (error) => error instanceof UiConfigError && /returned 404/.test(error.message),
    );
  });
});
