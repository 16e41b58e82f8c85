import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
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

  it("keeps an address for its TTL, and has always just asked when DNS changes its answer", async () => {
    const url = (await region("either", () => 200)).replace("127.0.0.1", "api.localhost");
    let now = 0;
    let answer = "127.0.0.1";
    const lookUp = async (name: string) => {
      assert.equal(name, "api.localhost");
      return { address: answer, ttl: 60 };
    };
    const client = new NameClient({ url, lookUp, limitMs: 5000, now: () => now });
    /** Whether it goes to the address that answers; the other one refuses. */
    const isServed = (second: number): Promise<boolean> => {
      now = second * 1000;
      return client.call(read).then(
        () => true,
        () => false,
      );
    };
    assert.equal(await isServed(0), true);
    // It looks up again at 50 s, so its 60 s begin there.
    assert.equal(await isServed(50), true);
    answer = "127.0.0.2";
    for (const second of [50.5, 70, 109.9]) assert.equal(await isServed(second), true, `at ${second} s`);
    assert.equal(await isServed(110), false);
    answer = "127.0.0.1";
    assert.equal(await isServed(169.9), false);
    assert.equal(await isServed(170), true);
  });

  it("goes on with its address while no resolver answers, until its time is over", async () => {
    const url = (await region("ireland", () => 200)).replace("127.0.0.1", "api.localhost");
    let [now, known] = [0, true];
    const lookUp = async () => {
      if (!known) throw new Error("ETIMEOUT");
      return { address: "127.0.0.1", ttl: 60 };
    };
    const client = new NameClient({ url, lookUp, limitMs: 5000, now: () => now });
    await client.call(read);
    known = false;
    now = 59_000;
    assert.equal((await client.call(read)).status, 200);
    now = 60_000;
    await assert.rejects(client.call(read), { message: "ETIMEOUT" });
  });

  it("says why it got no answer, and asks DNS again when that was the reason", async () => {
    const url = (await region("ireland", () => undefined)).replace("127.0.0.1", "api.localhost");
    let known = false;
    const lookUp = async () => {
      if (!known) throw new Error("queryA ENOTFOUND api.localhost");
      return { address: "127.0.0.1", ttl: 60 };
    };
    const client = new NameClient({ url, lookUp, limitMs: 50 });
    await assert.rejects(client.call(read), { message: "queryA ENOTFOUND api.localhost" });
    known = true;
    await assert.rejects(client.call(read), { message: "no answer within 50 ms" });
    await closeServer(servers[0]);
    await assert.rejects(client.call(read), { message: "ECONNREFUSED" });
  });
});
