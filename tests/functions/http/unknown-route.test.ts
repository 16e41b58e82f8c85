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

describe("a request that no route takes", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });

  for (const path of ["/tickets", `/tickets/${idOf(1)}`, "/", "/nowhere", "/tickets/1/comments"])
    it(`is answered 204 for a preflight of ${path}, so that a page can read what follows`, async () => {
      const { status, body } = await respondToUnknownRoute({ method: "OPTIONS", path, headers: PREFLIGHT });
      assert.deepEqual([status, body], [204, undefined]);
    });

  it("is answered 204 for OPTIONS of a route, with what is allowed", async () => {
    const answer = await respondToUnknownRoute({ method: "OPTIONS", path: "/tickets", headers: {} });
    assert.deepEqual(answer, { status: 204, headers: { allow: "GET, HEAD, POST, OPTIONS" } });
  });

  it("is answered 404 for OPTIONS of no route, unless it is a preflight", async () => {
    const { problem } = await problemAt("OPTIONS", "/nowhere");
    assert.equal(problem.status, 404);
  });

  it("does not read headers that the event lacks", async () => {
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
    it(`is answered 405 for ${method} ${path}, with what is allowed`, async () => {
      const { problem, headers } = await problemAt(method, path);
      assert.equal(problem.status, 405);
      assert.deepEqual(headers, { allow });
      assert.match(problem.detail, new RegExp(`${path} does not support ${method}\\. It supports ${allow}`));
    });

  it("is answered 404 when only its decoded path looks like a route, whatever the method", async () => {
    const { problem } = await problemAt("GET", `/tickets/${idOf(1)}`);
    assert.equal(problem.status, 404);
  });

  it("is told every path of the document", async () => {
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
    it(`is answered 404 for ${JSON.stringify(path)}`, async () => {
      const { problem } = await problemAt("GET", path);
      assert.equal(problem.status, 404);
    });
});
