import assert from "node:assert/strict";
import { RegionalClient } from "../../ui/src/data/regional-client";
import { FakeClock } from "./fake-clock";
import { FakeRegions, failoverUrl, ireland, singapore } from "./fake-regions";

const LIST = { method: "GET", path: "/tickets?limit=1" } as const;

describe("The page's preferred region", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    const { fetch } = regions;
    client = new RegionalClient({
      ...{ apis: [singapore, ireland], preferred: ireland.code, failoverUrl },
      ...{ fetch, clock },
    });
  });

  describe("while another region serves", () => {
    const leave = async (): Promise<void> => {
      regions.setBehaviour(ireland, "cut");
      await client.send(LIST);
      regions.takeRequests();
    };

    it("stays while the preferred one does not answer for its health within a second", async () => {
      await leave();
      for (const behaviour of ["cut", "silent", "late", 503, 404] as const) {
        regions.setBehaviour(ireland, behaviour, "health");
        await clock.runUntil(client.checkPreferred());
        assert.equal(client.state.value.current, singapore, `health: ${behaviour}`);
      }
    });

    it("goes back when it is healthy again, and asks nothing once it is back", async () => {
      await leave();
      regions.setBehaviour(ireland, "up");
      await client.checkPreferred();
      await client.checkPreferred();
      await client.send(LIST);
      const asked = ["GET ireland /health", "GET nowhere /health", "GET ireland /tickets"];
      assert.deepEqual(regions.takeRequests(), asked);
    });

    it("does not go back to a region from which another one has taken over", async () => {
      await leave();
      regions.setBehaviour(ireland, "up");
      regions.failoverRegion = singapore;
      await client.checkPreferred();
      assert.deepEqual([client.state.value.preferred, client.state.value.current], [singapore, singapore]);
      assert.equal(client.state.value.lastResults[ireland.code], "up", "it is on standby");
      await client.checkPreferred();
      assert.deepEqual(regions.takeRequests(), ["GET ireland /health", "GET singapore /health"]);
      regions.failoverRegion = ireland;
      await client.followFailoverName();
      assert.equal(client.state.value.current, ireland);
    });

    it("returns to a region that fails again at once only after ever more good checks", async () => {
      const checks: number[] = [];
      for (let round = 0; round < 7; round++) {
        await leave();
        regions.setBehaviour(ireland, "up", "health");
        let count = 0;
        for (; client.state.value.current === singapore && count < 100; count++)
          await client.checkPreferred();
        checks.push(count);
      }
      assert.deepEqual(checks, [1, 2, 4, 8, 16, 16, 16]);
      await clock.advance(30_000);
      await leave();
      regions.setBehaviour(ireland, "up");
      await client.checkPreferred();
      assert.equal(client.state.value.current, ireland, "after a return that lasted");
    });
  });

  describe("following the failover name", () => {
    it("prefers the region that it leads to", async () => {
      regions.failoverRegion = singapore;
      await client.followFailoverName();
      assert.deepEqual([client.state.value.preferred, client.state.value.current], [singapore, singapore]);
      await client.send(LIST);
      assert.deepEqual(regions.takeRequests(), ["GET singapore /health", "GET singapore /tickets"]);
    });

    it("changes nothing when the name cannot be resolved, or its region is not healthy", async () => {
      const before = client.state.value;
      await client.followFailoverName();
      regions.failoverRegion = singapore;
      for (const behaviour of ["cut", "silent", 503, 404] as const) {
        regions.setBehaviour(singapore, behaviour);
        await clock.runUntil(client.followFailoverName());
      }
      assert.equal(client.state.value, before);
    });

    it("asks nothing without a failover name", async () => {
      const { fetch } = regions;
      client = new RegionalClient({ apis: [ireland, singapore], preferred: ireland.code, fetch, clock });
      await client.followFailoverName();
      assert.deepEqual(regions.takeRequests(), []);
    });
  });
});
