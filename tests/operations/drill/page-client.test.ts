import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
import { PageClient, type PageClientOptions } from "../../../operations/drill/page-client";
import type { DrillRegion } from "../../../operations/drill/system";
import type { TicketClient } from "../../../operations/drill/ticket-client";
import { waitFor } from "../../support/wait-for";

const READ = { method: "GET", path: "/tickets" } as const;

describe("A drill's page client", () => {
  const servers: Server[] = [];
  let asked: string[];
  /** The status of each region; undefined for silence. */
  let statuses: Record<string, number | undefined>;
  /** AWS code of the region that the failover name leads to; undefined while nobody knows it. */
  let leadsTo: string | undefined;
  let client: PageClient;

  async function region(name: string): Promise<DrillRegion> {
    const server = createServer(({ method, url }: IncomingMessage, response) => {
      asked.push(`${method} ${name} ${url}`);
      const status = statuses[name];
      if (status !== undefined) response.writeHead(status, { "x-served-by": name }).end("{}");
    });
    servers.push(server);
    const api = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a region" })}`;
    return { name, code: name, api };
  }

  function start(regions: PageClientOptions["regions"]): void {
    const byName: TicketClient = {
      async call({ path }) {
        if (leadsTo === undefined || path !== "/health") throw new Error("ENOTFOUND");
        return { status: 200, servedBy: leadsTo, body: {} };
      },
    };
    client = new PageClient({ regions, failoverUrl: "https://api.tickets.test", byName });
  }

  beforeEach(async () => {
    [asked, statuses, leadsTo] = [[], { ireland: 200, singapore: 200 }, undefined];
    start([await region("ireland"), await region("singapore")]);
  });
  afterEach(async () => {
    client.close();
    await Promise.all(servers.splice(0).map(closeServer));
  });

  it("begins with the preferred region, and stays with the one that answered when that fails", async () => {
    assert.equal((await client.call(READ)).servedBy, "ireland");
    statuses.ireland = 503;
    assert.equal((await client.call(READ)).servedBy, "singapore");
    asked = [];
    assert.equal((await client.call(READ)).servedBy, "singapore");
    assert.deepEqual(asked, ["GET singapore /tickets"]);
  });

  it("asks the other region too when one is silent for a second", async () => {
    statuses.ireland = undefined;
    const started = Date.now();
    assert.equal((await client.call(READ)).servedBy, "singapore");
    assert.ok(Date.now() - started >= 900);
  });

  it("does not believe a region that has not heard of a ticket, unless both have not", async () => {
    const edit = { method: "PATCH", path: "/tickets/1", body: {}, headers: { "if-match": '"v"' } } as const;
    for (const status of [404, 412]) {
      statuses = { ireland: status, singapore: 200 };
      assert.equal((await client.call(edit)).status, 200);
      statuses.singapore = status;
      assert.equal((await client.call(edit)).status, status);
    }
    statuses = { ireland: 404, singapore: 404 };
    asked = [];
    await client.call(READ);
    assert.equal(asked.length, 1);
  });

  it("says in a few words that no region answers", async () => {
    statuses = { ireland: 503, singapore: 500 };
    await assert.rejects(client.call(READ), /ireland.*singapore|no region/i);
  });

  it("asks for the failover name as soon as it begins, and goes where that leads", async () => {
    client.close();
    leadsTo = "singapore";
    const nowhere = { name: "ireland", code: "ireland", api: "http://127.0.0.1:9" };
    start([nowhere, await region("singapore")]);
    await waitFor(async () => (await client.call(READ)).servedBy === "singapore", {
      what: "the region of DNS",
    });
    asked = [];
    assert.equal((await client.call(READ)).servedBy, "singapore");
    assert.deepEqual(asked, ["GET singapore /tickets"]);
  });
});
