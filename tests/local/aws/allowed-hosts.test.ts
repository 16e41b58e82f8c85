import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { isLoopbackName, nameOfHost } from "../../../local/aws/allowed-hosts";
import { closeServer, listen } from "../../../local/aws/listen";

describe("an HTTP server of the local cloud", () => {
  const server = createServer((_, response) => response.end("served"));
  let port: number;
  before(async () => {
    port = await listen(server, { port: 0, purpose: "a test", ownNames: () => ["api.tickets.test"] });
  });
  after(() => closeServer(server));

  const ask = async (host: string): Promise<{ status: number | undefined; body: string }> => {
    const outgoing = request({ host: "127.0.0.1", port, headers: { host } }).end();
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of answer) body += String(chunk);
    return { status: answer.statusCode, body };
  };

  for (const name of [
    ...["localhost", "LocalHost", "localhost.", "127.0.0.1", "127.0.0.12", "[::1]", "app.localhost"],
    ...["bucket.s3.localhost", "api.tickets.test", "API.Tickets.Test"],
  ])
    it(`accepts the host ${name}, with and without a port`, async () => {
      for (const host of [name, `${name}:4700`])
        assert.deepEqual(await ask(host), { status: 200, body: "served" });
    });

  for (const host of [
    ...["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "evil.localhost.example"],
    ...[
      "x@localhost",
      "localhost:80:80",
      "128.0.0.1",
      "127.0.0.1.nip.io",
      "other.tickets.test",
      "notlocalhost",
    ],
  ])
    it(`rejects the host ${JSON.stringify(host)} and lists the allowed hosts`, async () => {
      const { status, body } = await ask(host);
      assert.equal(status, 403);
      assert.match(
        JSON.parse(body).detail,
        /Allowed are api\.tickets\.test, localhost, names under \.localhost/,
      );
    });

  it("checks the host once after it listens again", async () => {
    await closeServer(server);
    port = await listen(server, { port: 0, purpose: "a test" });
    assert.equal((await ask("api.tickets.test")).status, 200);
  });
});

describe("nameOfHost", () => {
  it("returns the name without port, in lower case", () => {
    assert.equal(nameOfHost("Api.Localhost:80"), "api.localhost");
    assert.equal(nameOfHost("[::1]:80"), "[::1]");
    assert.equal(nameOfHost("a b"), undefined);
    assert.equal(isLoopbackName(".localhost"), false);
  });
});
