import assert from "node:assert/strict";
import { createApi, startGateway, type TestApi, type TestGateway } from "./support/test-gateway";

const ORIGIN = { origin: "https://app.example" };

for (const ownResponsesLackCors of [false, true])
  describe(`response of API Gateway itself ${ownResponsesLackCors ? "without" : "with"} CORS headers`, () => {
    let test: TestGateway;
    let api: TestApi;
    before(async () => {
      test = await startGateway({
        ownResponsesLackCors,
        invoke: async ({ rawPath }) =>
          rawPath === "/fails"
            ? { functionError: { errorType: "Error", errorMessage: "No." } }
            : { payload: { statusCode: 503, body: "{}" } },
      });
      api = await createApi(test, {
        routes: ["GET /own", "GET /fails", "GET /throttled", "POST /own"],
        api: { corsConfiguration: { allowOrigins: ["*"] } },
        stage: {
          routeSettings: [{ routeKey: "GET /throttled", throttlingBurstLimit: 0, throttlingRateLimit: 0 }],
        },
      });
    });
    after(() => test.gateway.close());
    afterEach(() => test.regions.setState("ireland", "up"));

    const own = ownResponsesLackCors ? null : "*";
    const allowed = async (path: string, init: RequestInit = {}): Promise<[number, string | null]> => {
      const response = await fetch(api.url + path, { ...init, headers: { ...ORIGIN, ...init.headers } });
      await response.arrayBuffer();
      return [response.status, response.headers.get("access-control-allow-origin")];
    };

    it("has the same headers for each of its statuses", async () => {
      assert.deepEqual(await allowed("/throttled"), [429, own]);
      assert.deepEqual(await allowed("/fails"), [500, own]);
      assert.deepEqual(await allowed("/nowhere"), [404, own]);
      assert.deepEqual(await allowed("/own", { headers: { "x-large": "x".repeat(11_000) } }), [431, own]);
      const body = "x".repeat(10 * 1024 * 1024 + 1);
      assert.deepEqual(await allowed("/own", { method: "POST", body }), [413, own]);
      test.regions.setState("ireland", "api-down");
      assert.deepEqual(await allowed("/own"), [503, own]);
    });

    it("differs from a response of a function, which always has CORS headers", async () => {
      assert.deepEqual(await allowed("/own"), [503, "*"]);
      const preflight = { method: "OPTIONS", headers: { "access-control-request-method": "PATCH" } };
      assert.deepEqual(await allowed("/own", preflight), [204, "*"]);
    });
  });
