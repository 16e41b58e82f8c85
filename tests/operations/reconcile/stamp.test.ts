import assert from "node:assert/strict";
import { parseVersion } from "../../../functions/replication/version";
import { exitCodeOf } from "../../../operations/reconcile/tally";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone } from "../../../testing/tickets";
import { LATER, runReconcile, twoSides } from "../support/run-reconcile";

/** Item as written by an application without replication. */
function plain(number: number, attributes: object = {}): object {
  const replication = { version: undefined, origin: undefined, seen: undefined };
  const listing = {
    listSortKey: undefined,
    assigneeStatus: undefined,
    statusShard: undefined,
    assigneeShard: undefined,
  };
  return { ...ticketItem({ id: idOf(number) }), ...replication, ...listing, ...attributes };
}

describe("reconcile --stamp of a table that existed before replication", () => {
  it("only counts the items without --stamp", async () => {
    const sides = twoSides([plain(1), plain(2)], []);
    const { tally } = await runReconcile(sides);
    assert.deepEqual([tally.plain, exitCodeOf(tally)], [2, 2]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("stamps the items with their creation time and copies them", async () => {
    const sides = twoSides([plain(1), plain(2), plain(3)], []);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.equal(tally.stamped, 3);
    assert.deepEqual(tally.repaired, { singapore: 3 });
    assert.deepEqual(sides[1].content(), sides[0].content());
    const image = sides[1].items.get(idOf(2));
    assert.deepEqual(parseVersion(image?.version.S), { milliseconds: NOW, counter: 0, region: IRELAND });
    assert.equal(image?.origin.S, IRELAND);
    assert.equal(exitCodeOf((await runReconcile(sides)).tally), 0);
  });

  for (const createdAt of [undefined, "yesterday", "2999-01-01T00:00:00Z"])
    it(`stamps an item created at ${createdAt} with the current time`, async () => {
      const sides = twoSides([plain(1, { createdAt })], []);
      await runReconcile(sides, { stamp: true });
      assert.equal(parseVersion(sides[0].items.get(idOf(1))?.version.S)?.milliseconds, LATER);
    });

  it("gives equal items in both tables the same version", async () => {
    const sides = twoSides([plain(1, { createdAt: undefined })], [plain(1, { createdAt: undefined })]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.deepEqual([tally.stamped, tally.conflicts], [2, 0]);
    assert.deepEqual(tally.repaired, {});
    assert.deepEqual(sides[0].content(), sides[1].content());
    assert.equal(sides[0].items.get(idOf(1))?.origin.S, IRELAND);
  });

  it("stamps the item in the other table before its own", async () => {
    let time = LATER;
    const sides = twoSides([plain(1, { createdAt: undefined })], [plain(1, { createdAt: undefined })]);
    const [ireland, singapore] = sides;
    const stamp = ireland.stamp.bind(ireland);
    ireland.stamp = (id, first) => {
      assert.equal(singapore.items.get(id)?.version.S, first.version);
      return stamp(id, first);
    };
    const { tally } = await runReconcile(sides, { stamp: true, now: () => time++ });
    assert.deepEqual([tally.stamped, tally.repaired], [2, {}]);
  });

  it("completes an earlier run that stamped an item on one side only", async () => {
    const stamped = ticketItem({ id: idOf(1), origin: SINGAPORE });
    const sides = twoSides([plain(1)], [stamped]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.deepEqual([tally.stamped, tally.conflicts], [1, 0]);
    assert.deepEqual(sides[0].content(), sides[1].content());
    assert.equal(sides[0].items.get(idOf(1))?.version.S, stamped.version);
  });

  it("records different items in the two tables as a conflict", async () => {
    const sides = twoSides([plain(1, { subject: "Heating" })], [plain(1, { subject: "Cooling" })]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.deepEqual([tally.stamped, tally.conflicts], [2, 1]);
    assert.deepEqual(sides[0].content(), sides[1].content());
  });

  it("stamps nothing in a dry run", async () => {
    const sides = twoSides([plain(1)], [plain(2)]);
    const { tally } = await runReconcile(sides, { stamp: true, dryRun: true });
    assert.deepEqual([tally.stamped, exitCodeOf(tally)], [2, 1]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("adds listing attributes to tickets only", async () => {
    const byHand = { id: "by hand", version: undefined, origin: undefined, seen: undefined };
    const sides = twoSides([plain(1), plain(2, { status: "gone" }), plain(3, byHand)], []);
    await runReconcile(sides, { stamp: true });
    const placeOf = (id: string): string | undefined => sides[1].items.get(id)?.listSortKey?.S;
    assert.deepEqual([idOf(1), idOf(2), "by hand"].map(placeOf), [
      `${new Date(NOW).toISOString()}#${idOf(1)}`,
      undefined,
      undefined,
    ]);
  });
});

describe("reconcile --stamp of tickets without listing attributes", () => {
  const { listSortKey, assigneeStatus, statusShard, assigneeShard, ...older } = ticketItem({
    assignee: "Bob",
    status: "assigned",
  });
  const listed = { ...older, listSortKey, assigneeStatus, statusShard, assigneeShard };

  it("adds the listing attributes in both tables without a new version", async () => {
    const sides = twoSides([older], [older]);
    const { tally } = await runReconcile(sides, { stamp: true, deep: true });
    assert.deepEqual([tally.stamped, tally.failed, tally.repaired], [2, 0, {}]);
    for (const side of sides) assert.deepEqual(side.content(), twoSides([listed])[0].content());
    assert.equal(exitCodeOf((await runReconcile(sides, { stamp: true, deep: true })).tally), 0);
  });

  it("corrects the shards of a ticket that an older version of the program edited", async () => {
    const outdated = { ...listed, statusShard: statusShard.replace("assigned", "open") };
    const sides = twoSides([outdated], [outdated]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.deepEqual([tally.stamped, tally.failed], [2, 0]);
    for (const side of sides) assert.deepEqual(side.content(), twoSides([listed])[0].content());
  });

  it("completes an earlier run that changed one side only", async () => {
    const sides = twoSides([listed], [older]);
    const { tally } = await runReconcile(sides, { stamp: true, deep: true });
    assert.deepEqual([tally.stamped, tally.failed], [1, 0]);
    assert.deepEqual(sides[1].content(), sides[0].content());
  });

  it("changes nothing without --stamp, and only counts them in a dry run", async () => {
    const sides = twoSides([older], [older]);
    assert.equal(exitCodeOf((await runReconcile(sides)).tally), 0);
    const { tally } = await runReconcile(sides, { stamp: true, dryRun: true });
    assert.deepEqual([tally.stamped, exitCodeOf(tally)], [2, 1]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("does not change tombstones and other items", async () => {
    const sides = twoSides([tombstone(), { ...older, id: "by hand" }]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.equal(tally.stamped, 0);
  });
});
