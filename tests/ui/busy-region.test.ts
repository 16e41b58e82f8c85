import assert from "node:assert/strict";
import { busyPauseMs } from "../../ui/src/data/busy-region";
import type { ClientRequest } from "../../ui/src/data/client-request";
import { NoRegionResponds } from "../../ui/src/data/errors";
import type { RegionalClient } from "../../ui/src/data/regional-client";
import { headerStatus } from "../../ui/src/region-status-text";
import { FakeClock } from "./fake-clock";
import { FakeRegions, ireland, singapore } from "./fake-regions";

const LIST: ClientRequest = { method: "GET", path: "/tickets?limit=1" };
const POST: ClientRequest = {
  method: "POST",
  path: "/tickets",
  headers: { "idempotency-key": "01JD9Z3N8Q4T6V8X0Y2A4C6E8G" },
  body: { subject: "A" },
};
/** Half of the sum of the waits before the repeated requests, in milliseconds: the jitter of the fake regions is 0. */
const [READ_MS, WRITE_MS] = [500, 500 + 1_000 + 2_000];

for (const behavior of ["busy", "busy, hidden"] as const)
  describe(`RegionalClient of the web UI in a region that is ${behavior}`, () => {
    let clock: FakeClock;
    let regions: FakeRegions;
    let client: RegionalClient;
    beforeEach(() => {
      clock = new FakeClock();
      regions = new FakeRegions(clock);
      client = regions.newClient();
    });

    for (const [request, milliseconds, times] of [
      [LIST, READ_MS, 2],
      [POST, WRITE_MS, 4],
    ] as const) {
      it(`repeats a ${request.method} there after waits, then sends it to the other region, and stays`, async () => {
        regions.setBehavior(ireland, behavior);
        const start = clock.now();
        const sending = client.send(request);
        await clock.advance(milliseconds - 1);
        assert.ok(regions.takeRequests().every((asked) => asked.includes("ireland")));
        const response = await clock.runUntil(sending);
        assert.equal(response.servedBy, singapore.code);
        assert.ok(clock.now() - start >= milliseconds);
        const inits = regions.requestInits.filter(({ method }) => method === request.method);
        assert.equal(inits.length, times + 1);
        for (const { headers, body } of inits) {
          assert.deepEqual(headers, inits[0].headers);
          assert.equal(body, inits[0].body);
        }
        assert.equal(client.state.value.current, ireland);
      });

      it(`needs no other region for a ${request.method} if the region has capacity again`, async () => {
        regions.setBehavior(ireland, behavior);
        const sending = client.send(request);
        await clock.advance(100);
        regions.setBehavior(ireland, "up");
        assert.equal((await clock.runUntil(sending)).servedBy, ireland.code);
        assert.ok(regions.takeRequests().every((asked) => asked.includes("ireland")));
        assert.equal(client.state.value.lastResults[ireland.code], "up");
      });
    }

    it("shows that the region is busy while it waits", async () => {
      await client.send(LIST);
      regions.setBehavior(ireland, behavior);
      const sending = client.send(LIST);
      await clock.advance(100);
      const { kind, text } = headerStatus(client.state.value, [ireland, singapore], ireland.code);
      assert.match(text, /^Ireland is busy, retrying\. /);
      assert.notEqual(kind, "down");
      await clock.runUntil(sending);
    });

    it("does not count as an outage when all regions are busy", async () => {
      for (const api of [ireland, singapore]) regions.setBehavior(api, behavior);
      const uncertain = behavior === "busy, hidden";
      await assert.rejects(
        clock.runUntil(client.send(POST)),
        (error) => error instanceof NoRegionResponds && error.uncertain === uncertain,
      );
      assert.equal(client.state.value.offline, false);
      assert.equal(client.state.value.current, ireland);
    });

    it("still goes to the other region at once if the region loses every connection", async () => {
      regions.setBehavior(ireland, "disconnects");
      assert.equal((await client.send(LIST)).servedBy, singapore.code);
      assert.equal(client.state.value.current, singapore);
    });
  });

describe("pause of polling in a busy region", () => {
  it("is random within bounds", () => {
    assert.deepEqual([busyPauseMs(() => 0), busyPauseMs(() => 0.999)].map(Math.round), [5_000, 14_990]);
  });
});
