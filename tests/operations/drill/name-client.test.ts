import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/listen";
import { NameClient } from "../../../operations/drill/name-client";
import { PageClient } from "../../../operations/drill/page-client";

describe("A drill's clients", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(closeServer));
  });

  /** A server that answers a status and says its name; its URL. */
  async function region(name: string, status: () => number | undefined): Promise<string> {
    const server = createServer((_request, response) => {
      const now = status();
      if (now !== undefined) response.writeHead(now, { "x-served-by": name }).end("{}");
    });
    servers.push(server);
    return `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a region" })}`;
  }
  const read = { method: "GET", path: "/tickets" } as const;

  it("that follows DNS keeps an address for its TTL, and no longer", async () => {
    const url = (await region("ireland", () => 200)).replace("127.0.0.1", "api.tickets.test");
    let now = 0;
    let lookUps = 0;
    const lookUp = async (name: string) => {
      assert.equal(name, "api.tickets.test");
      lookUps++;
      return { address: "127.0.0.1", ttl: 60 };
    };
    const client = new NameClient({ url, lookUp, limitMs: 5000, now: () => now });
    for (const [second, expected] of [
      [0, 1],
      [59.999, 1],
      [60, 2],
      [100, 2],
      [120, 3],
    ]) {
      now = second * 1000;
      assert.equal((await client.call(read)).servedBy, "ireland");
      assert.equal(lookUps, expected, `at ${second} s`);
    }
  });

  it("that follows DNS says why it got no answer, and asks DNS again when that was the reason", async () => {
    const url = (await region("ireland", () => undefined)).replace("127.0.0.1", "api.tickets.test");
    let known = false;
    const lookUp = async () => {
      if (!known) throw new Error("queryA ENOTFOUND api.tickets.test");
      return { address: "127.0.0.1", ttl: 60 };
    };
    const client = new NameClient({ url, lookUp, limitMs: 50 });
    await assert.rejects(client.call(read), { message: "queryA ENOTFOUND api.tickets.test" });
    known = true;
    await assert.rejects(client.call(read), { message: "no answer within 50 ms" });
    await closeServer(servers[0]);
    await assert.rejects(client.call(read), { message: "ECONNREFUSED" });
  });

  it("that is like the page moves on from silence and from 5xx, and stays where it was answered", async () => {
    const asked = { ireland: 0, singapore: 0 };
    const behaviour: { ireland: number | undefined } = { ireland: 200 };
    const ireland = await region("ireland", () => (asked.ireland++, behaviour.ireland));
    const singapore = await region("singapore", () => (asked.singapore++, 201));
    const client = new PageClient([ireland, singapore], 50);
    assert.equal((await client.call(read)).servedBy, "ireland");
    for (const broken of [undefined, 503]) {
      const fresh = new PageClient([ireland, singapore], 50);
      behaviour.ireland = broken;
      assert.equal((await fresh.call(read)).servedBy, "singapore");
      asked.ireland = 0;
      assert.equal((await fresh.call(read)).servedBy, "singapore");
      assert.equal(asked.ireland, 0);
    }
    behaviour.ireland = 404;
    assert.equal((await client.call(read)).status, 404);
  });

  it("that is like the page gives the last region's answer, or its silence, when no region is well", async () => {
    const well: { status: number | undefined } = { status: 500 };
    const client = new PageClient([await region("a", () => 503), await region("b", () => well.status)], 50);
    assert.deepEqual((await client.call(read)).status, 500);
    well.status = undefined;
    await assert.rejects(client.call(read), { message: "no answer within 50 ms" });
  });
});
