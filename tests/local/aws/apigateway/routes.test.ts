import assert from "node:assert/strict";
import { matchRoute, parseRouteKey } from "../../../../local/aws/apigateway/routes";

const ROUTES = [
  "$default",
  "ANY /{proxy+}",
  "GET /tickets",
  "POST /tickets",
  "GET /tickets/{id}",
  "ANY /tickets/{id}",
  "GET /tickets/newest",
  "GET /tickets/{id}/history/{entry}",
  "GET /files/{path+}",
  "GET /",
].map((key) => ({ pattern: parseRouteKey(key) }));

describe("Routes of an HTTP API", () => {
  const cases: [request: string, key: string, parameters?: Record<string, string>][] = [
    ["GET /tickets", "GET /tickets"],
    ["POST /tickets", "POST /tickets"],
    ["GET /tickets/1", "GET /tickets/{id}", { id: "1" }],
    ["DELETE /tickets/1", "ANY /tickets/{id}", { id: "1" }],
    ["GET /tickets/newest", "GET /tickets/newest"],
    ["DELETE /tickets/newest", "ANY /tickets/{id}", { id: "newest" }],
    ["GET /tickets/a%20b%2Fc", "GET /tickets/{id}", { id: "a b/c" }],
    ["GET /tickets/1/history/2", "GET /tickets/{id}/history/{entry}", { id: "1", entry: "2" }],
    ["GET /files/a/b/c.txt", "GET /files/{path+}", { path: "a/b/c.txt" }],
    ["POST /files/a", "ANY /{proxy+}", { proxy: "files/a" }],
    ["GET /tickets/", "ANY /{proxy+}", { proxy: "tickets/" }],
    ["GET /", "GET /"],
    ["POST /", "$default"],
  ];
  for (const [request, key, parameters] of cases)
    it(`matches ${request} to ${key}`, () => {
      const [method, path] = request.split(" ");
      const match = matchRoute(ROUTES, method, path);
      assert.equal(match?.route.pattern.key, key);
      assert.deepEqual(match?.pathParameters, parameters);
    });

  it("matches no route when none fits and there is no $default", () => {
    assert.equal(matchRoute(ROUTES.slice(2, 3), "GET", "/nothing"), undefined);
  });

  for (const key of [
    "",
    "GET",
    "tickets",
    "get /tickets",
    "FETCH /tickets",
    "GET tickets",
    "GET /{all+}/more",
  ])
    it(`rejects the route key ${JSON.stringify(key)}`, () => {
      assert.throws(() => parseRouteKey(key), /the (route key|greedy variable)/);
    });
});
