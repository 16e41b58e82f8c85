import assert from "node:assert/strict";
import { parseVersion } from "../../../functions/replication/version";
import { exitCodeOf } from "../../../operations/reconcile/tally";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone } from "../../../testing/tickets";
import { LATER, runReconcile, twoSides } from "../support/run-reconcile";

/** An item as an application without replication wrote it. */
function plain(number: number, attributes: object = {}): object {
  const replication = { version: undefined, origin: undefined, seen: undefined };
  const listing = { listSortKey: undefined, assigneeStatus: undefined };
  return { ...ticketItem({ id: idOf(number) }), ...replication, ...listing, ...attributes };
}

describe("Reconciling a table that existed before replication", () => {
  it("only counts its items without being told to stamp them", async () => {
    const sides = twoSides([plain(1), plain(2)], []);
    const { tally } = await runReconcile(sides);
    assert.deepEqual([tally.plain, exitCodeOf(tally)], [2, 2]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("stamps them with the time of their creation and copies them", async () => {
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
    it(`stamps an item created at ${createdAt} with the time of now`, async () => {
      const sides = twoSides([plain(1, { createdAt })], []);
      await runReconcile(sides, { stamp: true });
      assert.equal(parseVersion(sides[0].items.get(idOf(1))?.version.S)?.milliseconds, LATER);
    });

  it("takes the same item in both tables for one write", async () => {
    const sides = twoSides([plain(1, { createdAt: undefined })], [plain(1, { createdAt: undefined })]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.deepEqual([tally.stamped, tally.conflicts], [2, 0]);
    assert.deepEqual(tally.repaired, {});
    assert.deepEqual(sides[0].content(), sides[1].content());
    assert.equal(sides[0].items.get(idOf(1))?.origin.S, IRELAND);
  });

  it("never leaves one of two without a version while the other has one on its way", async () => {
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

  it("finishes what an earlier run began when the same item was stamped on one side only", async () => {
    const stamped = ticketItem({ id: idOf(1), origin: SINGAPORE });
    const sides = twoSides([plain(1)], [stamped]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.deepEqual([tally.stamped, tally.conflicts], [1, 0]);
    assert.deepEqual(sides[0].content(), sides[1].content());
    assert.equal(sides[0].items.get(idOf(1))?.version.S, stamped.version);
  });

  it("keeps what differs in the two tables apart as a conflict", async () => {
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

  it("gives what looks like a ticket its place in the lists, and nothing else", async () => {
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

describe("Reconciling tickets that are older than their lists", () => {
  const { listSortKey, assigneeStatus, ...older } = ticketItem({ assignee: "Bob", status: "assigned" });
  const listed = { ...older, listSortKey, assigneeStatus };

  it("gives them their place in both tables, as the writes that they are", async () => {
    const sides = twoSides([older], [older]);
    const { tally } = await runReconcile(sides, { stamp: true, deep: true });
    assert.deepEqual([tally.stamped, tally.failed, tally.repaired], [2, 0, {}]);
    for (const side of sides) assert.deepEqual(side.content(), twoSides([listed])[0].content());
    assert.equal(exitCodeOf((await runReconcile(sides, { stamp: true, deep: true })).tally), 0);
  });

  it("finishes what an earlier run began on one side", async () => {
    const sides = twoSides([listed], [older]);
    const { tally } = await runReconcile(sides, { stamp: true, deep: true });
    assert.deepEqual([tally.stamped, tally.failed], [1, 0]);
    assert.deepEqual(sides[1].content(), sides[0].content());
  });

  it("leaves them as they are without --stamp, and in a dry run only counts them", async () => {
    const sides = twoSides([older], [older]);
    assert.equal(exitCodeOf((await runReconcile(sides)).tally), 0);
    const { tally } = await runReconcile(sides, { stamp: true, dryRun: true });
    assert.deepEqual([tally.stamped, exitCodeOf(tally)], [2, 1]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("leaves tombstones and items that are no tickets alone", async () => {
    const sides = twoSides([tombstone(), { ...older, id: "by hand" }]);
    const { tally } = await runReconcile(sides, { stamp: true });
    assert.equal(tally.stamped, 0);
  });
});
