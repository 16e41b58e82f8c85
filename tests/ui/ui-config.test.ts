import assert from "node:assert/strict";
import { loadUiConfig, UiConfigError, parseUiConfig } from "../../ui/src/data/ui-config";

const valid = {
  region: { name: "ireland", code: "eu-west-1" },
  apis: [
    { name: "ireland", code: "eu-west-1", url: "https://one.example.com/" },
    { name: "singapore", code: "ap-southeast-1", url: "http://127.0.0.1:4000" },
  ],
  failoverUrl: "https://api.example.com",
};

describe("config.json of the web UI", () => {
  it("is returned unchanged except for trailing slashes of API URLs", () => {
    const config = parseUiConfig(JSON.stringify(valid));
    assert.deepEqual(config.region, valid.region);
    assert.deepEqual(
      config.apis.map((api) => api.url),
      ["https://one.example.com", "http://127.0.0.1:4000"],
    );
    assert.equal(config.failoverUrl, "https://api.example.com");
  });

  it("is valid without the failover name", () => {
    assert.equal(parseUiConfig(JSON.stringify({ ...valid, failoverUrl: undefined })).failoverUrl, undefined);
  });

  const invalid: [string, unknown, RegExp][] = [
    ["a list", [], /not a JSON object/],
    ["no region", { apis: valid.apis }, /region must be an object/],
    ["no APIs", { region: valid.region }, /apis must be a list/],
    ["an empty list of APIs", { ...valid, apis: [] }, /at least one API/],
    [
      "a region without a code",
      { ...valid, region: { name: "ireland" } },
      /region\.code must be a non-empty string/,
    ],
    [
      "a region without an API",
      { ...valid, apis: [valid.apis[1]] },
      /apis must include the API of region\.code/,
    ],
    [
      "another scheme",
      { ...valid, apis: [{ ...valid.apis[0], url: "ftp://x" }] },
      /apis\[0\]\.url must be an http/,
    ],
    ["a wrong failover name", { ...valid, failoverUrl: "api.example.com" }, /failoverUrl must be an http/],
  ];
  for (const [what, value, message] of invalid) {
    it(`is rejected with ${what}`, () => {
      assert.throws(
        () => parseUiConfig(JSON.stringify(value)),
        (error) => error instanceof UiConfigError && message.test(error.message),
      );
    });
  }

  it("is rejected with all validation errors", () => {
    assert.throws(
      () => parseUiConfig(JSON.stringify({ region: {}, apis: [{}] })),
      (error) => {
        const message = (error as Error).message;
        return ["region.name", "region.code", "apis[0].url"].every((name) => message.includes(name));
      },
    );
  });

  it("is rejected when it is not JSON, and when it is missing", async () => {
    assert.throws(() => parseUiConfig("<html>"), /config\.json is not JSON/);
    await assert.rejects(
      loadUiConfig(async () => new Response("", { status: 404 })),
      (error) => error instanceof UiConfigError && /returned 404/.test(error.message),
    );
  });
});
