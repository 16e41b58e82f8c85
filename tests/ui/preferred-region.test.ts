import assert from "node:assert/strict";
import { pollPreferredRegion } from "../../ui/src/data/polling";
import type { RegionalClient } from "../../ui/src/data/regional-client";
import { FakeClock } from "./fake-clock";
import { FakeRegions, ireland, singapore } from "./fake-regions";

const LIST = { method: "GET", path: "/tickets?limit=1" } as const;
const POST = {
  method: "POST",
  path: "/tickets",
  headers: { "idempotency-key": "K".repeat(26) },
  body: { subject: "A" },
} as const;

describe("Preferred region of the RegionalClient", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    client = regions.newClient({ hasRouting: true });
  });

  const serving = (): unknown[] => [client.state.value.preferred, client.state.value.current];

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
      const states = ["GET ireland /routing", "GET singapore /routing"];
      const asked = ["GET ireland /health", ...states, "GET ireland /tickets"];
      assert.deepEqual(regions.takeRequests(), asked);
    });

    it("is not used again after another region has taken over, until the failback", async () => {
      await failOver();
      regions.setBehavior(ireland, "up");
      regions.singapore.takeover = true;
      await client.checkPreferred();
      assert.deepEqual(serving(), [singapore, singapore]);
      regions.takeRequests();
      await client.checkPreferred();
      assert.deepEqual(regions.takeRequests(), [], "the region that serves is the preferred one");
      regions.singapore.takeover = false;
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, ireland]);
    });

    for (const behavior of ["slow", "hangs", 429, 503, "disconnects"] as const)
      it(`is not used again while it is unknown whether the region that serves has taken over: ${behavior}`, async () => {
        await failOver();
        regions.setBehavior(ireland, "up");
        regions.singapore.takeover = true;
        regions.setBehavior(singapore, behavior, "routing");
        await clock.runUntil(client.checkPreferred());
        assert.deepEqual(serving(), [ireland, singapore]);
        regions.takeRequests();
        await client.checkPreferred();
        assert.deepEqual(
          regions.takeRequests(),
          ["GET ireland /health"],
          "its state is not asked for every time",
        );
        regions.singapore.takeover = false;
        regions.setBehavior(singapore, "up", "routing");
        await clock.advance(15_000);
        await client.checkPreferred();
        assert.deepEqual(serving(), [ireland, ireland]);
      });

    for (const behavior of ["busy", "busy, hidden"] as const)
      it(`is not used again while the region that serves is busy and may have taken over: ${behavior}`, async () => {
        await failOver();
        regions.setBehavior(singapore, behavior);
        await assert.rejects(clock.runUntil(client.send(LIST)));
        regions.setBehavior(ireland, "up", "health");
        await clock.runUntil(client.checkPreferred());
        assert.deepEqual(serving(), [ireland, singapore]);
      });

    it("is used again when the region that serves has failed too, and reports nothing", async () => {
      await failOver();
      regions.setBehavior(singapore, "disconnects");
      await assert.rejects(client.send(LIST));
      assert.equal(client.state.value.current, singapore);
      regions.setBehavior(ireland, "up");
      await client.checkPreferred();
      assert.deepEqual(serving(), [ireland, ireland]);
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

  describe("following the routing states", () => {
    it("leaves a healthy region when another one has taken over, and follows the failback", async () => {
      await client.send(LIST);
      regions.singapore.takeover = true;
      await client.followRouting();
      assert.deepEqual(serving(), [singapore, singapore]);
      regions.takeRequests();
      await client.send(POST);
      assert.deepEqual(regions.takeRequests(), ["POST singapore /tickets"]);
      regions.singapore.takeover = false;
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, ireland]);
    });

    for (const behavior of ["disconnects", "hangs", 503, 429, 404] as const)
      it(`keeps the last known state of a region whose routing state is not available: ${behavior}`, async () => {
        regions.setBehavior(singapore, behavior, "routing");
        regions.singapore.takeover = true;
        await clock.runUntil(client.followRouting());
        assert.deepEqual(serving(), [ireland, ireland], "no takeover is known yet");
        regions.setBehavior(singapore, "up", "routing");
        await client.followRouting();
        regions.setBehavior(singapore, behavior, "routing");
        regions.singapore.takeover = false;
        await clock.runUntil(client.followRouting());
        assert.deepEqual(serving(), [singapore, singapore], "no failback is known yet");
      });

    it("prefers the primary after a failback, and uses it when it is healthy", async () => {
      regions.singapore.takeover = true;
      await client.followRouting();
      regions.singapore.takeover = false;
      regions.setBehavior(ireland, "disconnects");
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, singapore]);
      regions.setBehavior(ireland, "up");
      await client.checkPreferred();
      assert.deepEqual(serving(), [ireland, ireland]);
    });

    it("follows a swap of the roles, and ignores the takeover that the new primary has left", async () => {
      regions.singapore.takeover = true;
      regions.setBehavior(ireland, "disconnects");
      await client.followRouting();
      regions.singapore.primary = "singapore";
      await client.followRouting();
      regions.setBehavior(ireland, "up");
      regions.ireland.primary = "singapore";
      regions.singapore.takeover = false;
      await client.followRouting();
      assert.deepEqual(
        serving(),
        [singapore, singapore],
        "the failback does not return to the former primary",
      );
      [regions.ireland.takeover, regions.singapore.takeover] = [true, true];
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, ireland], "the new secondary takes over");
    });

    it("keeps the primary that it knows while the regions name different ones, or none", async () => {
      regions.singapore.primary = "singapore";
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, ireland]);
      for (const region of regions.both) region.primary = undefined;
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, ireland]);
      for (const region of regions.both) region.primary = "frankfurt";
      await client.followRouting();
      assert.deepEqual(serving(), [ireland, ireland]);
    });

    it("sends no request without routing states", async () => {
      client = regions.newClient();
      await client.followRouting();
      assert.deepEqual(regions.takeRequests(), []);
    });
  });

  it("is asked for about every 15 seconds, each web UI at its own pace", async () => {
    const intervals: number[] = [];
    for (const random of [0, 0.5, 0.999]) {
      let asked = 0;
      const counted = { checkPreferred: async () => undefined, followRouting: async () => void asked++ };
      const visibility = { hidden: false, addEventListener: () => undefined };
      pollPreferredRegion({ clock, visibility }, counted, () => random);
      await clock.advance(1_200_000);
      intervals.push(Math.round(1200 / (asked - 1)));
      visibility.hidden = true;
    }
    assert.deepEqual(intervals, [12, 15, 18]);
  });
});
