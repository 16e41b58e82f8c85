import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { LocalGateway } from "../../../local/gateway/gateway";
import { createCertificates } from "../aws/apigateway/support/test-certificates";
import { EDGE, GatewayFixture, IRELAND, PAGE_HEADERS, SINGAPORE } from "./gateway-fixture";

describe("LocalGateway", () => {
  const fixture = new GatewayFixture();
  const { dns } = fixture;
  const ask: GatewayFixture["ask"] = (...args) => fixture.ask(...args);
  let gateway: LocalGateway;

  before(async () => {
    gateway = await fixture.start();
  });
  beforeEach(() => fixture.reset());
  after(() => fixture.stop());

  it("handles api.localhost and app.localhost and no other name", () => {
    for (const host of ["api.localhost", "api.localhost:8080", "APP.localhost:1"])
      assert.ok(gateway.handles(host), host);
    for (const host of [
      "localhost:8080",
      "api.tickets.test",
      "x.api.localhost",
      "api.localhost.evil.example",
      "",
    ])
      assert.ok(!gateway.handles(host), host);
  });

  it("forwards a request to the real name over TLS", async () => {
    const { answer, body } = await ask("api.localhost:8080", "/tickets?x=1", {
      method: "POST",
      sent: "hello",
    });
    assert.equal(answer.statusCode, 207);
    assert.equal(body, "POST /tickets?x=1 api.tickets.test api.tickets.test hello");
    assert.equal(answer.headers["x-region"], IRELAND);
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  });

  it("streams both ways", async () => {
    const outgoing = fixture.openRequest("api.localhost");
    outgoing.write("first");
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const parts: string[] = [];
    for await (const chunk of answer) {
      parts.push(String(chunk));
      if (parts.join("").endsWith("first")) outgoing.end("second");
    }
    assert.ok(parts.join("").endsWith("firstsecond"));
  });

  it("follows a changed DNS answer", async () => {
    dns.address = SINGAPORE;
    assert.equal((await ask("api.localhost", "/")).answer.headers["x-region"], SINGAPORE);
  });

  it("resolves each of its names separately", async () => {
    assert.equal(
      (await ask("APP.localhost:8080", "/app.js?v=1")).body.trim(),
      "GET /app.js?v=1 app.tickets.test app.tickets.test",
    );
    assert.equal((await ask("app.localhost", "/")).answer.headers["x-region"], EDGE);
    assert.equal((await ask("api.localhost", "/")).answer.headers["x-region"], IRELAND);
  });

  it("replaces the failover name in the web UI's configuration and CSP by a name that a browser can resolve", async () => {
    const { answer, body } = await ask("app.localhost:8080", "/config.json?x");
    assert.deepEqual(JSON.parse(body), { failoverUrl: "http://api.localhost:8080" });
    const policy = "default-src 'self'; connect-src 'self' http://127.0.0.11:1 http://api.localhost:8080";
    assert.equal(answer.headers["content-security-policy"], policy);
    assert.equal(answer.headers.etag, '"1"');
    const page = await ask("APP.localhost", "/index.html");
    assert.equal(page.body, "ok");
    assert.equal(page.answer.headers["content-length"], "2");
    assert.equal(page.answer.headers["content-security-policy"], policy.replace(":8080", ""));
    assert.equal((await ask("app.localhost:8080", "/config.json", { method: "HEAD" })).body, "");
  });

  it("leaves API responses unchanged", async () => {
    const { answer, body } = await ask("api.localhost:8080", "/config.json");
    assert.deepEqual(JSON.parse(body), { failoverUrl: "https://api.tickets.test" });
    assert.equal(answer.headers["content-security-policy"], PAGE_HEADERS["content-security-policy"]);
  });

  it("caches a DNS answer for its TTL and resolves once for concurrent requests", async () => {
    const port = await fixture.startGateway();
    const region = async (): Promise<unknown> =>
      (await ask("api.localhost", "/", { port })).answer.headers["x-region"];
    dns.ttl = 60;
    dns.questions = 0;
    assert.deepEqual(await Promise.all([region(), region(), region()]), Array(3).fill(IRELAND));
    dns.address = SINGAPORE;
    assert.equal(await region(), IRELAND);
    assert.equal(dns.questions, 1);
  });

  it("returns 502 with the name if DNS has no answer, and recovers", async () => {
    dns.address = undefined;
    const { answer, body } = await ask("api.localhost", "/");
    assert.equal(answer.statusCode, 502);
    assert.match(
      (JSON.parse(body) as { detail: string }).detail,
      /^api\.tickets\.test did not respond: .*ENOTFOUND/,
    );
    dns.address = IRELAND;
    assert.equal((await ask("api.localhost", "/")).answer.statusCode, 207);
  });

  it("returns 502 with the address that did not respond", async () => {
    dns.address = "127.0.0.13";
    const { answer, body } = await ask("api.localhost", "/", { method: "POST", sent: "lost" });
    assert.equal(answer.statusCode, 502);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    const problem = JSON.parse(body) as Record<string, unknown>;
    assert.equal(problem.status, 502);
    assert.match(
      String(problem.detail),
      new RegExp(`^127\\.0\\.0\\.13:${fixture.httpsPort} did not respond: .*ECONNREFUSED`),
    );
  });

  it("trusts only certificates of the local CA", async () => {
    const foreign = await createCertificates(["api.tickets.test"]);
    const port = await fixture.startGateway({ caCertificates: [foreign.ca] });
    assert.equal((await ask("api.localhost", "/", { port })).answer.statusCode, 502);
  });

  it("aborts a response that is aborted upstream", async () => {
    await assert.rejects(ask("api.localhost", "/broken"), /aborted|ECONNRESET/);
    assert.equal((await ask("api.localhost", "/")).answer.statusCode, 207);
  });
});
