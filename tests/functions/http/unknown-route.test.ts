import assert from "node:assert/strict";
import { documentedOperations } from "../../../functions/openapi/document";
import { respondToUnknownRoute, unknownRoute } from "../../../functions/http/unknown-route";
import { httpEvent, invoke, problemOf } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND } from "../../../testing/tickets";

type Headers = Record<string, string>;

const problemAt = async (method: string, path: string): ReturnType<typeof problemOf> =>
  problemOf(() => respondToUnknownRoute({ method, path, headers: {} }));

const PREFLIGHT = { origin: "https://app.example", "access-control-request-method": "PATCH" };

describe("respondToUnknownRoute", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });

  for (const path of ["/tickets", `/tickets/${idOf(1)}`, "/", "/nowhere", "/tickets/1/comments"])
    it(`returns 204 for a preflight request of ${path}`, async () => {
      const { status, body } = await respondToUnknownRoute({ method: "OPTIONS", path, headers: PREFLIGHT });
      assert.deepEqual([status, body], [204, undefined]);
    });

  it("returns 204 with the allowed methods for OPTIONS of a route", async () => {
    const response = await respondToUnknownRoute({ method: "OPTIONS", path: "/tickets", headers: {} });
    assert.deepEqual(response, { status: 204, headers: { allow: "GET, HEAD, POST, OPTIONS" } });
  });

  it("returns 404 for OPTIONS of an unknown path, unless it is a preflight request", async () => {
    const { problem } = await problemAt("OPTIONS", "/nowhere");
    assert.equal(problem.status, 404);
  });

  it("accepts an event without headers", async () => {
    const handler = unknownRoute();
    for (const headers of [null, undefined])
      assert.equal(
        (await invoke(handler, httpEvent("PUT", "/tickets", { headers: headers as unknown as Headers })))
          .status,
        405,
      );
  });

  for (const [method, path, allow] of [
    ["PUT", "/tickets", "GET, HEAD, POST, OPTIONS"],
    ["DELETE", "/tickets", "GET, HEAD, POST, OPTIONS"],
    ["POST", `/tickets/${idOf(1)}`, "GET, HEAD, PATCH, DELETE, OPTIONS"],
    ["DELETE", `/tickets/${idOf(1)}/conflicts`, "GET, HEAD, OPTIONS"],
    ["POST", "/conflicts", "GET, HEAD, OPTIONS"],
    ["POST", "/health", "GET, HEAD, OPTIONS"],
    ["DELETE", "/openapi.json", "GET, HEAD, OPTIONS"],
  ])
    it(`returns 405 with the allowed methods for ${method} ${path}`, async () => {
      const { problem, headers } = await problemAt(method, path);
      assert.equal(problem.status, 405);
      assert.deepEqual(headers, { allow });
      assert.match(problem.detail, new RegExp(`${path} does not support ${method}\\. It supports ${allow}`));
    });

  it("returns 404, not 405, for a path that looks like a route only after decoding", async () => {
    const { problem } = await problemAt("GET", `/tickets/${idOf(1)}`);
    assert.equal(problem.status, 404);
  });

  it("lists every path of the OpenAPI document", async () => {
    const { problem } = await problemAt("GET", "/nowhere");
    for (const { path } of documentedOperations()) assert.ok(problem.detail.includes(path), path);
  });

  for (const path of [
    "/",
    "/openapiXjson",
    "/ticket",
    "/tickets/",
    "/tickets/1/comments",
    "/Health",
    "/healthy",
    "",
  ])
    it(`returns 404 for ${JSON.stringify(path)}`, async () => {
      const { problem } = await problemAt("GET", path);
      assert.equal(problem.status, 404);
    });
});
