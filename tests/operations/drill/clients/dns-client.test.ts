import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import { DnsClient } from "../../../../operations/drill/clients/dns-client";

describe("DNS client of a drill", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(closeServer));
  });

  /** Starts a server that returns a status and its name. Returns its URL. */
  async function region(name: string, status: () => number | undefined): Promise<string> {
    const server = createServer((_request, response) => {
      const now = status();
      if (now !== undefined) response.writeHead(now, { "x-served-by": name }).end("{}");
    });
    servers.push(server);
    return `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a region" })}`;
  }
  const read = { method: "GET", path: "/tickets" } as const;

  it("keeps an address for its TTL since the last query with the same answer", async () => {
    const url = (await region("either", () => 200)).replace("127.0.0.1", "api.localhost");
    let now = 0;
    let answer = "127.0.0.1";
    const lookUp = async (name: string) => {
      assert.equal(name, "api.localhost");
      return { addresses: [answer], ttl: 60 };
    };
    const client = new DnsClient({ url, lookUp, timeoutMs: 5000, now: () => now });
    /** Whether it uses the address that responds. The other one refuses connections. */
    const isServed = (second: number): Promise<boolean> => {
      now = second * 1000;
      return client.call(read).then(
        () => true,
        () => false,
      );
    };
    assert.equal(await isServed(0), true);
    // This query restarts the 60 s.
    assert.equal(await isServed(50), true);
    answer = "127.0.0.2";
    for (const second of [50.5, 70, 109.9]) assert.equal(await isServed(second), true, `at ${second} s`);
    assert.equal(await isServed(110), false);
    answer = "127.0.0.1";
    assert.equal(await isServed(169.9), false);
    assert.equal(await isServed(170), true);
  });

  it("keeps its address until the TTL expires while no resolver responds", async () => {
    const url = (await region("ireland", () => 200)).replace("127.0.0.1", "api.localhost");
    let [now, known] = [0, true];
    const lookUp = async () => {
      if (!known) throw new Error("ETIMEOUT");
      return { addresses: ["127.0.0.1"], ttl: 60 };
    };
    const client = new DnsClient({ url, lookUp, timeoutMs: 5000, now: () => now });
    await client.call(read);
    known = false;
    now = 59_000;
    assert.equal((await client.call(read)).status, 200);
    now = 60_000;
    await assert.rejects(client.call(read), { message: "ETIMEOUT" });
  });

  it("returns the reason of a failure, and queries DNS again after a DNS failure", async () => {
    const url = (await region("ireland", () => undefined)).replace("127.0.0.1", "api.localhost");
    let known = false;
    const lookUp = async () => {
      if (!known) throw new Error("queryA ENOTFOUND api.localhost");
      return { addresses: ["127.0.0.1"], ttl: 60 };
    };
    const client = new DnsClient({ url, lookUp, timeoutMs: 50 });
    await assert.rejects(client.call(read), { message: "queryA ENOTFOUND api.localhost" });
    known = true;
    await assert.rejects(client.call(read), { message: "no response within 50 ms" });
    await closeServer(servers[0]);
    await assert.rejects(client.call(read), { message: "ECONNREFUSED" });
  });
});
