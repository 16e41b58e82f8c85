import assert from "node:assert/strict";
import type { RegionalClient } from "../../ui/src/data/regional-client";
import { FakeClock } from "./fake-clock";
import { FakeRegions, failoverUrl, ireland, singapore } from "./fake-regions";

const LIST = { method: "GET", path: "/tickets?limit=1" } as const;

describe("Preferred region of the RegionalClient", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    client = regions.newClient({ failoverUrl });
  });

  describe("while another region serves", () => {
    const failOver = async (): Promise<void> => {
      regions.setBehavior(ireland, "disconnects");
      await client.send(LIST);
      regions.takeRequests();
    };

    it("is not used again while its health check does not succeed within a second", async () => {
      await failOver();
      for (const behavior of ["disconnects", "hangs", "slow", 503, 404] as const) {
        regions.setBehavior(ireland, behavior, "health");
        await clock.runUntil(client.checkPreferred());
        assert.equal(client.state.value.current, singapore, `health: ${behavior}`);
      }
    });

    it("is used again when it is healthy, and is not checked after that", async () => {
      await failOver();
      regions.setBehavior(ireland, "up");
      await client.checkPreferred();
      await client.checkPreferred();
      await client.send(LIST);
      const asked = ["GET ireland /health", "GET nowhere /health", "GET ireland /tickets"];
      assert.deepEqual(regions.takeRequests(), asked);
    });

    it("is not used again after another region has taken over", async () => {
      await failOver();
      regions.setBehavior(ireland, "up");
      regions.failoverRegion = singapore;
      await client.checkPreferred();
      assert.deepEqual([client.state.value.preferred, client.state.value.current], [singapore, singapore]);
      assert.equal(client.state.value.lastResults[ireland.code], "up", "Ireland is on standby");
      await client.checkPreferred();
      assert.deepEqual(regions.takeRequests(), ["GET ireland /health", "GET singapore /health"]);
      regions.failoverRegion = ireland;
      await client.followFailoverName();
      assert.equal(client.state.value.current, ireland);
    });

    it("must pass more health checks each time it fails again soon after a return", async () => {
      const checks: number[] = [];
      for (let round = 0; round < 7; round++) {
        await failOver();
        regions.setBehavior(ireland, "up", "health");
        let count = 0;
        for (; client.state.value.current === singapore && count < 100; count++)
          await client.checkPreferred();
        checks.push(count);
      }
      assert.deepEqual(checks, [1, 2, 4, 8, 16, 16, 16]);
      await clock.advance(30_000);
      await failOver();
      regions.setBehavior(ireland, "up");
      await client.checkPreferred();
      assert.equal(client.state.value.current, ireland, "after a stable return");
    });
  });

  describe("following the failover name", () => {
    it("prefers the region that it resolves to", async () => {
      regions.failoverRegion = singapore;
      await client.followFailoverName();
      assert.deepEqual([client.state.value.preferred, client.state.value.current], [singapore, singapore]);
      await client.send(LIST);
      assert.deepEqual(regions.takeRequests(), ["GET singapore /health", "GET singapore /tickets"]);
    });

    it("changes nothing when the name cannot be resolved or its region is not healthy", async () => {
      const before = client.state.value;
      await client.followFailoverName();
      regions.failoverRegion = singapore;
      for (const behavior of ["disconnects", "hangs", 503, 404] as const) {
        regions.setBehavior(singapore, behavior);
        await clock.runUntil(client.followFailoverName());
      }
      assert.equal(client.state.value, before);
    });

    it("sends no request without a failover name", async () => {
      client = regions.newClient();
      await client.followFailoverName();
      assert.deepEqual(regions.takeRequests(), []);
    });
  });
});
