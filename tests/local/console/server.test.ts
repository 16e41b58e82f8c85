import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { LogStore } from "../../../local/console/logs/log-store";
import { logRoutes } from "../../../local/console/logs/log-routes";
import { regionRoutes } from "../../../local/console/region-routes";
import { ConsoleServer } from "../../../local/console/server";
import { ticketRoutes } from "../../../local/console/tickets/ticket-routes";
import { TicketTables } from "../../../local/console/tickets/ticket-tables";
import { assertProblem, FakeGateway, JSON_HEADERS, STATE, TestConsole } from "./support/test-console";

describe("console server", () => {
  let tested: TestConsole;
  let gateway: FakeGateway;

  beforeEach(async () => {
    tested = new TestConsole();
    gateway = new FakeGateway();
    await tested.start(gateway);
  });
  afterEach(() => tested.close());

  it("serves its page, script and style, with a CSP that allows no other origin", async () => {
    for (const [path, type] of [
      ["/", "text/html"],
      ["/?from=bookmark", "text/html"],
      ["/console.js", "text/javascript"],
      ["/console.css", "text/css"],
    ]) {
      const { status, headers, body } = await tested.ask(path);
      assert.equal(status, 200, path);
      assert.match(String(headers["content-type"]), new RegExp(`^${type}`));
      assert.match(String(headers["content-security-policy"]), /^default-src 'none'/);
      assert.notEqual(body, "");
    }
  });

  it("serves every file that the page and its scripts refer to, and no other file", async () => {
    const served = new Set<string>();
    const follow = async (path: string): Promise<void> => {
      if (served.has(path)) return;
      served.add(path);
      const { status, body } = await tested.ask(path);
      assert.equal(status, 200, path);
      const references = body.matchAll(/(?:src="|href="|from "\.)(\/[\w./-]+)"/g);
      for (const [, reference] of references) await follow(reference);
    };
    await follow("/");
    const files = readdirSync(join(__dirname, "../../../local/console/page")).filter(
      (name) => name !== "index.html",
    );
    assert.deepEqual([...served].sort(), ["/", ...files.map((name) => `/${name}`)].sort());
  });

  it("returns the state and the certificate of the CA", async () => {
    const answer = await tested.ask("/state");
    assert.deepEqual(JSON.parse(answer.body), STATE);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.equal(answer.headers["cache-control"], "no-store");
    const { body, headers } = await tested.ask("/ca.pem");
    assert.equal(body, "the CA");
    assert.equal(headers["content-type"], "application/x-pem-file");
  });

  it("responds to HEAD like GET, without the body", async () => {
    const { status, headers, body } = await tested.ask("/state", { method: "HEAD" });
    assert.deepEqual([status, headers["content-type"], body], [200, "application/json", ""]);
  });

  for (const path of [
    "/nothing",
    "/index.html",
    "/../server.ts",
    "/__proto__",
    "//",
    "/regions/",
    "/regions/a/b",
  ])
    it(`returns 404 with the available paths for ${path}`, async () => {
      assertProblem(
        await tested.ask(path),
        404,
        /Paths: \/, \/ca\.pem, \/state, \/addresses, \/regions\/\{name\}\./,
      );
    });

  it("rejects other methods on read-only paths and lists the allowed ones", async () => {
    for (const path of ["/", "/state", "/ca.pem"]) {
      const answer = await tested.ask(path, { method: "POST" });
      assertProblem(answer, 405, /^POST is not allowed\. Allowed methods: GET, HEAD\.$/);
      assert.equal(answer.headers.allow, "GET, HEAD");
    }
  });

  const unknown: [path: string, method: string, detail: RegExp][] = [
    ["/state?nope=1", "GET", /^The parameter "nope" is unknown\. This path has no parameters\.$/],
    ["/addresses?a=1", "HEAD", /./],
    ["/regions/ireland?dryRun=true", "POST", /^The parameter "dryRun" is unknown\./],
    ["/logs?nope=1", "GET", /^The parameter "nope" is unknown\. Parameters: region, source, level, text, /],
    ["/logs?limit=1&limit=2", "GET", /^The parameter limit is given twice\.$/],
    ["/logs?routine=yes", "GET", /^routine must be true or false\.$/],
    [
      "/tickets?delete=true",
      "GET",
      /^The parameter "delete" is unknown\. Parameters: limit, after, deleted\.$/,
    ],
    ["/tickets?deleted=yes", "GET", /^deleted must be true or false\.$/],
  ];
  for (const [path, method, detail] of unknown)
    it(`returns 400 for ${method} ${path} and names the parameter`, async () => {
      await tested.server.close();
      await tested.start(gateway, [
        ...regionRoutes(tested.regions),
        ...logRoutes(new LogStore([]), 1),
        ...ticketRoutes(() => new TicketTables([])),
      ]);
      const answer = await tested.ask(path, {
        method,
        headers: JSON_HEADERS,
        body: method === "POST" ? '{"state":"down"}' : undefined,
      });
      if (method === "HEAD") assert.equal(answer.status, 400);
      else assertProblem(answer, 400, detail);
      assert.equal(tested.regions.byName("ireland").state, "up");
    });

  for (const host of ["127.0.0.1", "localhost", "LOCALHOST", "Localhost."])
    it(`serves the host ${host}, with and without a port`, async () => {
      assert.equal((await tested.ask("/state", { headers: { host } })).status, 200);
      assert.equal((await tested.ask("/state", { headers: { host: `${host}:4700` } })).status, 200);
    });

  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "x@localhost"])
    it(`rejects the host ${host}, which another site may resolve to this machine`, async () => {
      const { status, body } = await tested.ask("/regions/ireland", {
        method: "POST",
        headers: { ...JSON_HEADERS, host },
        body: '{"state":"down"}',
      });
      assert.equal(status, 403, body);
      assert.equal(tested.regions.byName("ireland").state, "up");
    });

  it("rejects region changes from other origins, for every host name", async () => {
    const { host } = new URL(tested.server.url);
    const change = async (origin: string): Promise<number | undefined> =>
      (await tested.change("ireland", '{"state":"slow"}', { ...JSON_HEADERS, origin })).status;
    for (const origin of ["https://evil.example", "null", "http://localhost", "http://app.localhost:4700"])
      assert.equal(await change(origin), 403, origin);
    assert.equal(tested.regions.byName("ireland").state, "up");
    assert.equal(await change(`http://${host}`), 200);
  });

  it("forbids framing in every response", async () => {
    for (const path of ["/", "/console.js", "/state", "/ca.pem", "/regions/ireland", "/nothing"]) {
      const { headers } = await tested.ask(path);
      assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'/, path);
      assert.equal(headers["x-frame-options"], "DENY", path);
    }
  });

  it("forwards the local gateway's names to the gateway, for every path", async () => {
    const answer = await tested.ask("/state", { headers: { host: "api.localhost:4700" } });
    assert.equal(answer.body, "gateway /state");
    assert.equal(tested.server.gatewayUrl("api"), tested.server.url.replace("//", "//api."));
  });

  it("has no local gateway without a domain", async () => {
    await tested.server.close();
    await tested.start(undefined);
    assert.equal((await tested.ask("/", { headers: { host: "api.localhost" } })).status, 403);
  });

  it("closes the local gateway when it closes", async () => {
    await tested.server.close();
    assert.ok(gateway.closed);
    await assert.rejects(tested.ask("/state"), { code: "ECONNREFUSED" });
  });

  it("reports why the state cannot be collected, and continues", async () => {
    tested.state = () => Promise.reject(new Error("no state today"));
    assertProblem(await tested.ask("/state"), 500, /^The console failed: no state today$/);
    assert.equal((await tested.ask("/")).status, 200);
  });

  it("fails to start on a port in use, with the purpose of the port", async () => {
    const port = Number(new URL(tested.server.url).port);
    const { state, addresses } = tested;
    const options = { port, state, addresses, caCertificate: "", routes: [], gateway: undefined };
    await assert.rejects(ConsoleServer.start(options), /needed for the console, is in use/);
  });
});
