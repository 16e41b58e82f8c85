import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import type { LookUp } from "../../../../operations/drill/clients/dns-client";
import { KeepAliveClient } from "../../../../operations/drill/clients/keep-alive-client";
import { waitFor } from "../../../support/wait-for";

const READ = { method: "GET", path: "/tickets" } as const;
const IRELAND = "127.0.0.11";
const SINGAPORE = "127.0.0.12";

describe("Client of a drill with keep-alive", () => {
  const servers = new Map<string, Server>();
  const clients: KeepAliveClient[] = [];
  let url: string;
  let dns: string;
  let status: number;
  let now: number;
  /** Requests that Ireland holds back, by path. */
  let held: Map<string, () => void>;

  async function region(address: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      const isIreland = address === IRELAND;
      const answer = (): void =>
        void response.writeHead(isIreland ? status : 200, { "x-served-by": address }).end("{}");
      if (request.url === "/held" && isIreland) held.set("/held", answer);
      else answer();
    });
    servers.set(address, server);
    return listen(server, { port, host: address, purpose: "a region", ownNames: () => ["api.localhost"] });
  }

  function start(maximumAgeMs?: number, timeoutMs = 5000): KeepAliveClient {
    const lookUp = async (): ReturnType<LookUp> => ({ addresses: [dns], ttl: 60 });
    const options = { url, lookUp, timeoutMs, now: () => now };
    const client = new KeepAliveClient({ ...options, ...(maximumAgeMs !== undefined && { maximumAgeMs }) });
    clients.push(client);
    return client;
  }

  before(async () => {
    const port = await region(IRELAND, 0);
    await region(SINGAPORE, port);
    url = `http://api.localhost:${port}`;
  });
  beforeEach(() => {
    [dns, status, now, held] = [IRELAND, 200, 0, new Map()];
  });
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  after(() => Promise.all([...servers.values()].map((server) => closeServer(server))));

  it("stays with a region that returns 5xx after DNS has moved, until the region closes the connection", async () => {
    const client = start();
    await client.call(READ);
    [dns, status] = [SINGAPORE, 503];
    for (now of [1_000, 61_000, 3_600_000]) {
      const { servedBy, status: received } = await client.call(READ);
      assert.deepEqual([servedBy, received], [IRELAND, 503], `at ${now} ms`);
    }
    servers.get(IRELAND)?.closeAllConnections();
    await waitFor(async () => (await client.call(READ).catch(() => undefined))?.servedBy === SINGAPORE, {
      what: "a new connection",
    });
  });

  it("moves with the first request after a 5xx when it follows the rules and its DNS answer has expired", async () => {
    const client = start(3_600_000);
    await client.call(READ);
    [dns, status] = [SINGAPORE, 503];
    now = 59_999;
    assert.equal((await client.call(READ)).servedBy, IRELAND);
    assert.equal((await client.call(READ)).servedBy, IRELAND, "the DNS answer has not expired");
    now = 60_000;
    assert.equal((await client.call(READ)).servedBy, SINGAPORE);
  });

  it("moves with the first request after a timeout when it follows the rules", async () => {
    const client = start(3_600_000, 2000);
    const unanswered = assert.rejects(client.call({ method: "GET", path: "/held" }));
    await waitFor(() => held.has("/held"), { what: "the request to arrive" });
    assert.equal((await client.call(READ)).servedBy, IRELAND, "on a connection of its own");
    await unanswered;
    [dns, now] = [SINGAPORE, 60_000];
    assert.equal((await client.call(READ)).servedBy, SINGAPORE);
  });

  it("leaves a healthy region after 60 seconds when it follows the rules", async () => {
    const client = start(60_000);
    await client.call(READ);
    dns = SINGAPORE;
    now = 59_999;
    assert.equal((await client.call(READ)).servedBy, IRELAND);
    now = 60_000;
    assert.equal((await client.call(READ)).servedBy, SINGAPORE);
  });

  it("does not cut off a request in flight when it closes its connections", async () => {
    const client = start(60_000);
    const slow = client.call({ method: "GET", path: "/held" });
    await waitFor(() => held.has("/held"), { what: "the request to arrive" });
    dns = SINGAPORE;
    now = 60_000;
    assert.equal((await client.call(READ)).servedBy, SINGAPORE);
    held.get("/held")?.();
    assert.deepEqual([(await slow).status, (await slow).servedBy], [200, IRELAND]);
  });

  it("returns the reason of a failure, and resolves the name again", async () => {
    const client = start();
    dns = "127.0.0.13";
    await assert.rejects(client.call(READ), { message: "ECONNREFUSED" });
    dns = IRELAND;
    now = 60_000;
    assert.equal((await client.call(READ)).status, 200);
  });
});
