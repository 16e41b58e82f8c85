import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { RunningCloud } from "../../testing/running-cloud";

/** Long enough for batches of all shards to wait for the unreachable region at once. */
const SILENT_MS = 12_000;
const TICKETS = 24;
/** Stays below the throttling limit of the health check, 50 requests a second. */
const PAUSE_MS = 50;

describe("A region whose Lambda quota is 10, while the other region does not answer", function () {
  this.timeout(180_000);
  let cloud: RunningCloud;
  before(async () => {
    cloud = await RunningCloud.start("--no-domain", "--speed", "20", "--shards", "4", "--concurrency", "10");
  });
  after(async () => cloud?.stop());

  it("stays healthy, and its API keeps serving", async () => {
    const { api } = cloud.addresses.regions.ireland;
    await cloud.setRegion("singapore", "unreachable");
    const statuses = { writes: [] as number[], health: [] as number[] };
    const create = async (subject: string): Promise<void> => {
      const body = JSON.stringify({ subject });
      const headers = { "content-type": "application/json" };
      statuses.writes.push((await fetch(`${api}/tickets`, { method: "POST", headers, body })).status);
    };
    const end = Date.now() + SILENT_MS;
    for (let count = 0; count < TICKETS; count++) await create(`ticket ${count}`);
    while (Date.now() < end) {
      await create("one more");
      statuses.health.push((await fetch(`${api}/health`)).status);
      await pause(PAUSE_MS);
    }
    assert.deepEqual([...new Set(statuses.writes)], [201]);
    assert.deepEqual([...new Set(statuses.health)], [200]);
  });
});
