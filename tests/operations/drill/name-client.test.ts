import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/listen";
import { NameClient } from "../../../operations/drill/name-client";

describe("A drill's client that follows DNS", () => {
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

  it("keeps an address for its TTL, and no longer", async () => {
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

  it("says why it got no answer, and asks DNS again when that was the reason", async () => {
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
});
