import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import { probeHealth, ProbeResult } from "../../../functions/sentinel/health-probe";
import { closeServer, listen } from "../../../local/aws/listen";
import { IRELAND, SINGAPORE } from "../../../testing/tickets";

const CHECKED_AT = "2025-11-23T13:20:00.000Z";

describe("A probe of a region's health", () => {
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

  it("is good when the very region says that it is well, and tells the region's time", async () => {
    assert.deepEqual(await probed(200, { ok: true, region: IRELAND, checkedAt: CHECKED_AT }), {
      ok: true,
      checkedAt: CHECKED_AT,
    });
  });

  const bad: Record<string, readonly [number, unknown, string]> = {
    "the region says that it is not well": [503, { ok: false, region: IRELAND }, "it returned 503"],
    "it says which check failed, and why": [
      503,
      {
        ok: false,
        region: IRELAND,
        checks: { read: { ok: true }, write: { ok: false, reason: "Throttled" } },
      },
      "it returned 503 (write: Throttled)",
    ],
    "an error comes with any text": [502, "<html>", "it returned 502"],
    "an error's body has checks that are none": [503, { checks: { read: null } }, "it returned 503"],
    "another status comes with the right words": [201, { ok: true, region: IRELAND }, "it returned 201"],
    "it says so with status 200": [200, { ok: false, region: IRELAND }, "it reported that it is unhealthy"],
    "another region answers": [200, { ok: true, region: SINGAPORE }, `${SINGAPORE} responded in its place`],
    "something else answers": [200, "<html>", "its response was not JSON"],
  };
  for (const [what, [status, body, reason]] of Object.entries(bad))
    it(`is bad when ${what}`, async () => {
      assert.deepEqual(await probed(status, body), { ok: false, reason });
    });

  it("is told apart when it was one request too many, which a flood could cause", async () => {
    assert.deepEqual(await probed(429, { message: "Too Many Requests" }), {
      ok: false,
      throttled: true,
      reason: "it returned 429, too many requests",
    });
  });

  it("is bad when nothing listens", async () => {
    await closeServer(server);
    assert.deepEqual(await probeHealth(url, IRELAND), { ok: false, reason: "ECONNREFUSED" });
  });

  it("is bad after two seconds without an answer", async () => {
    answer = () => undefined;
    assert.deepEqual(await probeHealth(url, IRELAND), { ok: false, reason: "no response within 2000 ms" });
    server.closeAllConnections();
  });
});
