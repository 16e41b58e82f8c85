import assert from "node:assert/strict";
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Conflict } from "../../functions/tickets/list-conflicts";
import { FailoverClient } from "./failover-client";
import type { RegionAddresses } from "../../local/addresses";
import { CommandResult, runHere } from "../operations/support/run-command";
import type { RunningCloud } from "../../testing/running-cloud";
import { useLocalCloud } from "../support/use-local-cloud";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";

describe("two regions on the local cloud", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let ireland: RegionClient;
  let singapore: RegionClient;
  let failover: FailoverClient;
  const writtenDuringCut: string[] = [];

  useLocalCloud(["--speed", "50"], (running) => {
    cloud = running.cloud;
    ireland = running.ireland.api;
    singapore = running.singapore.api;
    failover = new FailoverClient(cloud.addresses);
  });

  it("serve separately while replication is cut", async () => {
    await cloud.setRegion("ireland", "isolated");
    const { id } = await ireland.create("Written in Ireland during the cut");
    const other = await singapore.create("Written in Singapore during the cut");

    assert.deepEqual(await ireland.ids(), [id]);
    assert.deepEqual(await singapore.ids(), [other.id]);
    writtenDuringCut.push(id, other.id);
  });

  it("replicate tickets both ways once replication is restored", async () => {
    await cloud.setRegion("ireland", "up");
    const expected = [...writtenDuringCut].sort().reverse();
    for (const region of [ireland, singapore])
      await waitFor(async () => sameIds(await region.ids(), expected), {
        what: "both tickets in both regions",
      });

    const fromIreland = await ireland.create("Seen from Singapore");
    const fromSingapore = await singapore.create("Seen from Ireland");
    await waitFor(() => singapore.find(fromIreland.id), { what: "Ireland's ticket in Singapore" });
    await waitFor(() => ireland.find(fromSingapore.id), { what: "Singapore's ticket in Ireland" });
  });

  it("serve from Singapore while Ireland is down, and have equal tickets afterwards", async () => {
    const { "api.tickets.test": api, "app.tickets.test": webUi } = cloud.addresses.names;
    const edited = await ireland.create("Will be closed in Singapore");
    const deleted = await ireland.create("Will be deleted in Singapore");
    await waitFor(() => singapore.find(deleted.id), {
      what: "the last ticket before the outage in Singapore",
    });
    // At this speed a slow start is long enough for Singapore to take over before the outage.
    await waitFor(
      async () => {
        if ((await failover.call("GET", `${api}/tickets`)).servedBy === "eu-west-1") return true;
        await failBack(cloud);
        return false;
      },
      { what: "the failover name to answer from Ireland" },
    );
    assert.equal((await failover.call("GET", `${webUi}/config.json`)).body.region.name, "ireland");

    await cloud.setRegion("ireland", "down");
    await assert.rejects(ireland.ids());
    assert.equal((await failover.call("GET", `${webUi}/config.json`)).body.region.name, "singapore");
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
    await waitFor(async () => (await failBack(cloud)).code === 0, { what: "the gates of failback to open" });
    await waitFor(async () => (await failover.call("GET", `${api}/health`)).servedBy === "eu-west-1", {
      what: "the failover name to answer from Ireland again",
    });
  });

  it("keep the losing version of concurrent writes in both regions, from which it can be restored", async () => {
    const edited = await ireland.create("Edited in both regions");
    const deleted = await ireland.create("Edited in Ireland, deleted in Singapore");
    const kept = await ireland.create("Deleted in Ireland, edited in Singapore");
    await waitFor(() => singapore.find(kept.id), { what: "the tickets in Singapore" });
    await cloud.setRegion("ireland", "isolated");
    const loser = await ireland.edit(edited.id, { subject: "Ireland's subject" });
    const lostEdit = await ireland.edit(deleted.id, { subject: "Edit that loses to the delete" });
    await ireland.delete(kept.id);
    const winner = await singapore.edit(edited.id, { subject: "Singapore's subject" });
    await singapore.delete(deleted.id);
    await singapore.edit(kept.id, { subject: "Still needed" });
    await cloud.setRegion("ireland", "up");

    const conflicts = new Map<string, Conflict>();
    for (const { id } of [edited, deleted, kept]) {
      for (const region of [ireland, singapore])
        await waitFor(async () => (await region.conflicts(id)).length > 0, { what: `the conflict of ${id}` });
      const [conflict, ...others] = await ireland.conflicts(id);
      assert.deepEqual([await singapore.conflicts(id), others], [[conflict], []]);
      conflicts.set(id, conflict);
    }
    await waitFor(async () => (await ireland.find(edited.id))?.version === winner.version, {
      what: "Singapore's edit in Ireland",
    });
    await waitFor(async () => !(await ireland.find(deleted.id)), { what: "Singapore's delete in Ireland" });
    await waitFor(() => ireland.find(kept.id), { what: "Singapore's edit over Ireland's delete" });
    assert.deepEqual(await ireland.list(), await singapore.list());
    assert.deepEqual(conflicts.get(edited.id)?.losing, loser);
    assert.equal(conflicts.get(edited.id)?.winningVersion, winner.version);
    assert.deepEqual(conflicts.get(deleted.id)?.losing, lostEdit);
    assert.equal((conflicts.get(kept.id)?.losing as { deleted?: true }).deleted, true);

    await redeliver(cloud.addresses.regions.ireland, edited.id);
    const marker = await ireland.create("Later record in the stream");
    await waitFor(() => singapore.find(marker.id), {
      what: "the later record of Ireland's stream in Singapore",
    });
    for (const region of [ireland, singapore])
      assert.deepEqual(await region.conflicts(edited.id), [conflicts.get(edited.id)]);
    assert.equal((await singapore.find(edited.id))?.version, winner.version);

    const restored = await ireland.edit(edited.id, { subject: loser.subject });
    await waitFor(async () => (await singapore.find(edited.id))?.version === restored.version, {
      what: "the restored subject in Singapore",
    });
    for (const region of [ireland, singapore])
      assert.deepEqual(await region.conflicts(edited.id), [conflicts.get(edited.id)]);
  });
});

/** Runs failback. Without a takeover it changes nothing. */
function failBack({ addresses }: RunningCloud): Promise<CommandResult> {
  return runHere(["failback", "--minutes", "0", `--local=${addresses.console}`]);
}

/** Writes a ticket's losing and winning version again, so that the stream repeats the losing write and the ticket stays unchanged. */
async function redeliver(region: RegionAddresses, id: string): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ region: region.code, endpoint: region.dynamodb, credentials });
  try {
    const { Item: winning } = await client.send(
      new GetItemCommand({ TableName: region.table, Key: { id: { S: id } } }),
    );
    const { Items: [entry] = [] } = await client.send(
      new QueryCommand({
        TableName: region.conflictTable,
        KeyConditionExpression: "id = :id",
        ExpressionAttributeValues: { ":id": { S: id } },
      }),
    );
    for (const Item of [entry.losing.M, winning])
      await client.send(new PutItemCommand({ TableName: region.table, Item }));
  } finally {
    client.destroy();
  }
}

function sameIds(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
