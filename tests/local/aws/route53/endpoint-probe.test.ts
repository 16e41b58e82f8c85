import assert from "node:assert/strict";
import * as http from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import { RegionServers } from "./region-servers";

describe("Probe of a Route 53 health check", () => {
  let setup: RegionServers;

  beforeEach(async () => {
    setup = await RegionServers.start();
  });

  afterEach(() => setup.close());

  it("identifies itself, and sends the server name only with SNI", async () => {
    const named = await setup.check("ireland");
    await setup.untilResult(named, "200");
    const [first] = setup.seenInIreland;
    assert.deepEqual([first.serverName, first.host], ["ireland.tickets.test", "ireland.tickets.test"]);
    assert.match(first.agent ?? "", new RegExp(`^Amazon-Route-53-Health-Check-Service \\(ref ${named};`));
    const unnamed = await setup.check("other", { fqdn: "ireland.tickets.test", enableSni: false });
    await setup.untilResult(unnamed, "200");
    const seen = setup.seenInIreland.find(({ agent }) => agent?.includes(unnamed));
    assert.equal(seen?.serverName, false);
  });

  it("fails for a status outside 2xx and 3xx, and passes for a redirect", async () => {
    const id = await setup.check("ireland", { failureThreshold: 1 });
    setup.respond = (_request, response) => response.writeHead(503).end();
    await setup.untilHealthy(id, false);
    assert.equal(setup.status(id).lastResult, "503");
    setup.respond = (_request, response) => response.writeHead(302, { location: "/" }).end();
    await setup.untilHealthy(id, true);
    assert.equal(setup.status(id).lastResult, "302");
  });

  it("finds the string within the first 5,120 bytes only", async () => {
    const match = { type: "HTTPS_STR_MATCH", searchString: "ok", failureThreshold: 1 };
    const id = await setup.check("ireland", match);
    setup.respond = (_request, response) => response.end(`${"x".repeat(5119)}ok`);
    await setup.untilResult(id, "200, string not in the first 5,120 bytes");
    assert.equal(setup.status(id).healthy, false);
    setup.respond = (_request, response) => response.end(`${"x".repeat(5118)}ok${"x".repeat(9000)}`);
    await setup.untilResult(id, "200, matched");
    assert.equal(setup.status(id).healthy, true);
    setup.respond = (_request, response) => response.end("nothing");
    await setup.untilResult(id, "200, string not found");
  });

  it("finds a string that arrives in two parts", async () => {
    setup.respond = (_request, response) => {
      response.write('{"status":', () => response.end('"ok"}'));
    };
    const id = await setup.check("ireland", { type: "HTTPS_STR_MATCH", searchString: '"status":"ok"' });
    await setup.untilResult(id, "200, matched");
  });

  it("reports why an endpoint cannot be probed", async () => {
    const nowhere = await setup.check("nowhere");
    await setup.untilResult(nowhere, "nowhere.tickets.test has no address");
    const ireland = await setup.check("ireland");
    await setup.untilResult(ireland, "200");
    setup.respond = (request) => request.socket.destroy();
    await setup.untilResult(ireland, "connection closed by the endpoint");
    setup.regions.setState("ireland", "down");
    await setup.untilResult(ireland, "connection refused");
  });

  it("fails when the endpoint accepts the connection and sends nothing, or stops within the body", async () => {
    const silent = await setup.check("singapore", { failureThreshold: 1 });
    const match = { type: "HTTPS_STR_MATCH", searchString: "ok" };
    const stuck = await setup.check("ireland", { ...match, failureThreshold: 1 });
    setup.respond = ({ headers }, response) => {
      if (headers.host?.startsWith("ireland")) response.write("o");
    };
    await Promise.all([setup.untilHealthy(silent, false), setup.untilHealthy(stuck, false)]);
    assert.equal(setup.status(silent).lastResult, "no status within 2 s");
    assert.equal(setup.status(stuck).lastResult, "no body within 2 s");
  });

  it("uses the given address, port and path over plain HTTP", async () => {
    const server = http.createServer(({ url, headers }, response) => {
      response.end(`${headers.host}${url}`);
    });
    const port = await listen(server, { port: 0, purpose: "a test" });
    try {
      const searchString = `127.0.0.1:${port}/live`;
      const where = { fqdn: undefined, ipAddress: "127.0.0.1", port, resourcePath: "live" };
      const id = await setup.check("plain", { type: "HTTP_STR_MATCH", ...where, searchString });
      await setup.untilResult(id, "200, matched");
      assert.equal(setup.status(id).target, `http://127.0.0.1:${port}/live`);
    } finally {
      await closeServer(server);
    }
  });
});
