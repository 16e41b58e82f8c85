import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
import { regionalNameProbe } from "../../../operations/routing/dns";

const IRELAND = { name: "ireland", code: "eu-west-1" };
const HEALTHY = { ok: true, region: "eu-west-1", checkedAt: "2025-11-23T13:20:00.000Z" };

describe("Health probe through a region's name in the domain", () => {
  const servers: Server[] = [];
  let answer: { status: number; body: object };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(closeServer));
  });

  /** Probes a name that resolves to a server of this test. */
  async function probe(): Promise<ReturnType<ReturnType<typeof regionalNameProbe>>> {
    const server = createServer((request, response) => {
      assert.equal(request.url, "/health");
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    servers.push(server);
    const port = await listen(server, {
      port: 0,
      purpose: "a region",
      ownNames: () => ["ireland.tickets.test"],
    });
    const urls = { "ireland.tickets.test": `http://ireland.tickets.test:${port}` };
    const lookup = { addresses: async () => ["127.0.0.1"] };
    return regionalNameProbe(
      { local: { console: "", speed: 1, queueCountLagSeconds: 0, urls } },
      "tickets.test",
      IRELAND,
      lookup,
    )();
  }

  it("returns the region's health", async () => {
    answer = { status: 200, body: HEALTHY };
    assert.deepEqual(await probe(), { ok: true, checkedAt: HEALTHY.checkedAt });
  });

  it("names the host in the reason of a failure", async () => {
    const reasons: [status: number, body: object, reason: string][] = [
      [503, HEALTHY, "it returned 503"],
      [200, { ...HEALTHY, region: "ap-southeast-1" }, "ap-southeast-1 responded in its place"],
      [200, { ...HEALTHY, ok: false }, "it reported that it is unhealthy"],
    ];
    for (const [status, body, reason] of reasons) {
      answer = { status, body };
      assert.deepEqual(await probe(), { ok: false, reason: `ireland.tickets.test: ${reason}` });
    }
  });

  it("fails when the name does not resolve or no server responds", async () => {
    const of = (addresses: readonly string[]): ReturnType<typeof regionalNameProbe> =>
      regionalNameProbe({}, "tickets.test", IRELAND, { addresses: async () => addresses });
    assert.deepEqual(await of([])(), {
      ok: false,
      reason: "ireland.tickets.test: DNS returned no address",
    });
    assert.match(String((await of(["127.0.0.9"])()).reason), /^ireland\.tickets\.test: ECONNREFUSED$/);
  });
});
