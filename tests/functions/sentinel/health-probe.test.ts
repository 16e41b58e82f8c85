import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import { probeHealth, ProbeResult } from "../../../functions/sentinel/health-probe";
import { closeServer, listen } from "../../../local/aws/listen";
import { IRELAND, SINGAPORE } from "../../../testing/tickets";

const CHECKED_AT = "2025-11-23T13:20:00.000Z";

describe("probeHealth", () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse, path: string | undefined) => void;
  beforeEach(async () => {
    server = createServer(({ url: path }, response) => answer(response, path));
    url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a region" })}`;
  });
  afterEach(() => closeServer(server));

  const probed = (status: number, body: unknown): Promise<ProbeResult> => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    answer = (response, path) => response.writeHead(path === "/health" ? status : 404).end(text);
    return probeHealth(url, IRELAND);
  };

  it("returns ok and the region's time if the expected region reports that it is healthy", async () => {
    assert.deepEqual(await probed(200, { ok: true, region: IRELAND, checkedAt: CHECKED_AT }), {
      ok: true,
      checkedAt: CHECKED_AT,
    });
  });

  const bad: Record<string, readonly [number, unknown, string]> = {
    "the region reports that it is unhealthy": [503, { ok: false, region: IRELAND }, "it returned 503"],
    "the region reports a failed check and its reason": [
      503,
      {
        ok: false,
        region: IRELAND,
        checks: { read: { ok: true }, write: { ok: false, reason: "Throttled" } },
      },
      "it returned 503 (write: Throttled)",
    ],
    "an error has a body of any text": [502, "<html>", "it returned 502"],
    "the body of an error has malformed checks": [503, { checks: { read: null } }, "it returned 503"],
    "another status has a healthy body": [201, { ok: true, region: IRELAND }, "it returned 201"],
    "the region reports with status 200 that it is unhealthy": [
      200,
      { ok: false, region: IRELAND },
      "it reported that it is unhealthy",
    ],
    "another region responds": [200, { ok: true, region: SINGAPORE }, `${SINGAPORE} responded in its place`],
    "another server responds": [200, "<html>", "its response was not JSON"],
  };
  for (const [what, [status, body, reason]] of Object.entries(bad))
    it(`returns the reason if ${what}`, async () => {
      assert.deepEqual(await probed(status, body), { ok: false, reason });
    });

  it("marks a throttled probe, which a flood can cause", async () => {
    assert.deepEqual(await probed(429, { message: "Too Many Requests" }), {
      ok: false,
      throttled: true,
      reason: "it returned 429, too many requests",
    });
  });

  it("returns the reason if no server listens", async () => {
    await closeServer(server);
    assert.deepEqual(await probeHealth(url, IRELAND), { ok: false, reason: "ECONNREFUSED" });
  });

  const healthy = (response: ServerResponse): unknown =>
    response.end(JSON.stringify({ ok: true, region: IRELAND }));

  it("replaces a connection that breaks before a response, once", async () => {
    let requests = 0;
    answer = (response) => (++requests === 1 ? response.req.socket.resetAndDestroy() : healthy(response));
    assert.deepEqual([await probeHealth(url, IRELAND), requests], [{ ok: true }, 2]);
    answer = (response) => {
      requests++;
      response.req.socket.resetAndDestroy();
    };
    assert.equal((await probeHealth(url, IRELAND)).ok, false);
    assert.equal(requests, 4);
  });

  it("uses no connection of an earlier probe, which could be dead", async () => {
    const ports = new Set<number | undefined>();
    answer = (response) => {
      ports.add(response.req.socket.remotePort);
      healthy(response);
    };
    for (let probe = 0; probe < 3; probe++) await probeHealth(url, IRELAND);
    assert.equal(ports.size, 3);
  });

  it("includes a cold start of 800 ms and three round trips of 175 ms", async () => {
    answer = (response) => void setTimeout(() => healthy(response), 800 + 3 * 175);
    assert.deepEqual(await probeHealth(url, IRELAND), { ok: true });
  });

  it("ends after two seconds in all, although it repeats the request", async () => {
    let requests = 0;
    answer = (response) => {
      if (++requests === 1) setTimeout(() => response.req.socket.resetAndDestroy(), 1500);
    };
    const start = performance.now();
    const { reason } = await probeHealth(url, IRELAND);
    const took = performance.now() - start;
    server.closeAllConnections();
    assert.deepEqual([reason, requests], ["no response within 2000 ms", 2]);
    assert.ok(took < 3300, `It took ${took} ms; with a limit for each attempt, 3,500 ms.`);
  });

  it("returns the reason after two seconds without a response", async () => {
    answer = () => undefined;
    assert.deepEqual(await probeHealth(url, IRELAND), { ok: false, reason: "no response within 2000 ms" });
    server.closeAllConnections();
  });
});
