import assert from "node:assert/strict";
import { FailoverClient } from "../support/failover-client";
import { RunningCloud } from "../support/local-cloud";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";

describe("A stranger with the local cloud", function () {
  this.timeout(60_000);

  let cloud: RunningCloud;
  let ireland: RegionClient;
  let singapore: RegionClient;
  let failover: FailoverClient;
  const writtenAlone: string[] = [];

  before(async () => {
    cloud = await RunningCloud.start("--speed", "50");
    ireland = new RegionClient(cloud.addresses.regions.ireland.api);
    singapore = new RegionClient(cloud.addresses.regions.singapore.api);
    failover = new FailoverClient(cloud.addresses);
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(cloud?.log());
  });
  after(async () => {
    assert.equal(await cloud?.stop(), 0);
  });

  it("sees each copy stand alone while the link is cut", async () => {
    await cloud.setRegion("ireland", "isolated");
    const { id } = await ireland.create("Written in Ireland, alone");
    const other = await singapore.create("Written in Singapore, alone");

    assert.deepEqual(await ireland.ids(), [id]);
    assert.deepEqual(await singapore.ids(), [other.id]);
    writtenAlone.push(id, other.id);
  });

  it("sees tickets appear in the other region, both ways, once the link is there", async () => {
    await cloud.setRegion("ireland", "up");
    const expected = [...writtenAlone].sort().reverse();
    for (const region of [ireland, singapore])
      await waitFor(async () => sameIds(await region.ids(), expected), {
        what: "both tickets in both regions",
      });

    const fromIreland = await ireland.create("Seen from Singapore");
    const fromSingapore = await singapore.create("Seen from Ireland");
    await waitFor(() => singapore.find(fromIreland.id), { what: "Ireland's ticket in Singapore" });
    await waitFor(() => ireland.find(fromSingapore.id), { what: "Singapore's ticket in Ireland" });
  });

  it("keeps working from Singapore when Ireland stops, and finds everything in Ireland afterwards", async () => {
    const api = cloud.addresses.names["api.tickets.test"];
    const edited = await ireland.create("Will be closed in Singapore");
    const deleted = await ireland.create("Will be deleted in Singapore");
    await waitFor(() => singapore.find(deleted.id), {
      what: "the last ticket before the outage in Singapore",
    });
    assert.equal((await failover.call("GET", `${api}/tickets`)).servedBy, "eu-west-1");

    await cloud.setRegion("ireland", "down");
    await assert.rejects(ireland.ids());
    await waitFor(async () => (await failover.call("GET", `${api}/health`)).servedBy === "ap-southeast-1", {
      what: "the failover name to answer from Singapore",
    });
    const created = await failover.call("POST", `${api}/tickets`, { subject: "Written during the outage" });
    assert.equal(created.status, 201);
    const closed = await failover.call("PATCH", `${api}/tickets/${edited.id}`, { status: "closed" });
    assert.equal(closed.status, 200);
    assert.equal((await failover.call("DELETE", `${api}/tickets/${deleted.id}`)).status, 204);

    await cloud.setRegion("ireland", "up");
    await waitFor(() => ireland.find(created.body.id), { what: "the outage's ticket in Ireland" });
    await waitFor(async () => (await ireland.find(edited.id))?.status === "closed", {
      what: "the edit in Ireland",
    });
    await waitFor(async () => !(await ireland.find(deleted.id)), { what: "the delete in Ireland" });
    assert.deepEqual(await ireland.list(), await singapore.list());
    await waitFor(async () => (await failover.call("GET", `${api}/health`)).servedBy === "eu-west-1", {
      what: "the failover name to answer from Ireland again",
    });
  });
});

function sameIds(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
