import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import { WebUiClient } from "../../../../operations/drill/clients/web-ui-client";
import type { DrillRegion } from "../../../../operations/drill/systems/drill-system";
import { waitFor } from "../../../support/wait-for";

const READ = { method: "GET", path: "/tickets" } as const;

describe("Web UI client of a drill", () => {
  const servers: Server[] = [];
  let requests: string[];
  /** Status of each region; undefined when it does not respond. */
  let statuses: Record<string, number | undefined>;
  /** Whether Singapore has taken over. */
  let takeover: boolean;
  /** Ports of the clients' ends of the connections, by region. */
  let ports: Record<string, Set<number | undefined>>;
  let client: WebUiClient;
  let regions: [DrillRegion, DrillRegion];

  async function region(name: string): Promise<DrillRegion> {
    const server = createServer(({ method, url, socket }: IncomingMessage, response) => {
      (ports[name] ??= new Set()).add(socket.remotePort);
      if (url === "/routing") {
        const state = {
          takeover: takeover && name === "singapore",
          region: name,
          at: null,
          primary: "ireland",
        };
        return void response.end(JSON.stringify(state));
      }
      requests.push(`${method} ${name} ${url}`);
      const status = statuses[name];
      if (status !== undefined) response.writeHead(status, { "x-served-by": name }).end("{}");
    });
    servers.push(server);
    const api = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a region" })}`;
    return { name, code: name, api };
  }

  beforeEach(async () => {
    [requests, statuses, takeover, ports] = [[], { ireland: 200, singapore: 200 }, false, {}];
    regions = [await region("ireland"), await region("singapore")];
    client = new WebUiClient(regions);
  });
  afterEach(async () => {
    client.close();
    await Promise.all(servers.splice(0).map(closeServer));
  });

  it("starts with the preferred region, and stays with the other one after a failover", async () => {
    assert.equal((await client.call(READ)).servedBy, "ireland");
    statuses.ireland = 503;
    assert.equal((await client.call(READ)).servedBy, "singapore");
    requests = [];
    assert.equal((await client.call(READ)).servedBy, "singapore");
    assert.deepEqual(
      requests.filter((request) => !request.endsWith("/health")),
      ["GET singapore /tickets"],
    );
  });

  it("asks the other region as well after a second without an answer", async () => {
    statuses.ireland = undefined;
    const started = Date.now();
    assert.equal((await client.call(READ)).servedBy, "singapore");
    assert.ok(Date.now() - started >= 900);
  });

  it("asks the other region when one does not have the ticket or its version", async () => {
    const edit = { method: "PATCH", path: "/tickets/1", body: {}, headers: { "if-match": '"v"' } } as const;
    for (const status of [404, 412]) {
      statuses = { ireland: status, singapore: 200 };
      assert.equal((await client.call(edit)).status, 200);
      statuses.singapore = status;
      assert.equal((await client.call(edit)).status, status);
    }
    statuses = { ireland: 404, singapore: 404 };
    requests = [];
    await client.call(READ);
    assert.equal(requests.length, 1);
  });

  it("rejects with a short reason when no region responds", async () => {
    statuses = { ireland: 503, singapore: 500 };
    await assert.rejects(client.call(READ), /ireland.*singapore|no region/i);
  });

  it("asks both regions for their routing states at its start, and uses the one that has taken over", async () => {
    client.close();
    takeover = true;
    client = new WebUiClient(regions);
    await waitFor(async () => (await client.call(READ)).servedBy === "singapore", {
      what: "the region that has taken over",
    });
    requests = [];
    assert.equal((await client.call(READ)).servedBy, "singapore");
    assert.deepEqual(requests, ["GET singapore /tickets"]);
  });

  it("reuses its connections", async () => {
    for (let request = 0; request < 10; request++) await client.call(READ);
    assert.ok(
      ports.ireland.size <= 2,
      `${ports.ireland.size} connections for at most two requests at a time`,
    );
  });
});
