import assert from "node:assert/strict";
import { documentedOperations } from "../../functions/openapi/document";
import { refuseUnknownRoute } from "../../functions/unknown-route";
import { problemOf } from "../support/api-calls";
import { idOf } from "../support/tickets";

const problemAt = async (method: string, path: string): ReturnType<typeof problemOf> =>
  problemOf(() => refuseUnknownRoute({ method, path }));

describe("a request that no route takes", () => {
  for (const [method, path, allow] of [
    ["PUT", "/tickets", "GET, POST"],
    ["DELETE", "/tickets", "GET, POST"],
    ["POST", `/tickets/${idOf(1)}`, "GET, PATCH, DELETE"],
    ["DELETE", `/tickets/${idOf(1)}/conflicts`, "GET"],
    ["POST", "/conflicts", "GET"],
    ["POST", "/health", "GET"],
    ["DELETE", "/openapi.json", "GET"],
  ])
    it(`is answered 405 for ${method} ${path}, with what is allowed`, async () => {
      const { problem, headers } = await problemAt(method, path);
      assert.equal(problem.status, 405);
      assert.deepEqual(headers, { allow });
      assert.match(problem.detail, new RegExp(`${method} is not allowed on ${path}; allowed are ${allow}`));
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
