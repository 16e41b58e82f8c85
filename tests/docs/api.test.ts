import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documentedOperations } from "../../functions/openapi/document";

describe("docs/api.md", () => {
  const text = readFileSync(join(__dirname, "..", "..", "docs", "api.md"), "utf8");
  const routes = documentedOperations().map(({ method, path }) => `${method} ${path}`);

  it("lists every route of the OpenAPI document, and HEAD for every GET", () => {
    const listed = [...text.matchAll(/^\| `([A-Z]+ \S+)` /gm)].map(([, route]) => route);
    const heads = listed
      .filter((route) => route.startsWith("GET "))
      .map((route) => route.replace("GET", "HEAD"));
    assert.deepEqual([...listed, ...heads].sort(), [...routes].sort());
  });

  it("has an example for every listed route, and none for a route that does not exist", () => {
    const shell = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block).join("");
    const examples = [...shell.matchAll(/curl -(\w+)(?: ([A-Z]+))? "\$\w+(\/[^"?]*)/g)].map(
      ([, options, method, path]) =>
        `${method ?? (options.includes("I") ? "HEAD" : "GET")} ${path.replace("$id", "{id}")}`,
    );
    assert.equal(examples.length, shell.split("curl ").length - 1);
    for (const example of examples) assert.ok(routes.includes(example), example);
    for (const route of routes.filter((one) => !one.startsWith("HEAD ")))
      assert.ok(examples.includes(route), route);
  });
});
