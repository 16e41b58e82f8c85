import assert from "node:assert/strict";
import { canaryId } from "../../../functions/shared/reserved-items";
import { deleteTicketOperation } from "../../../functions/tickets/delete";
import { formatVersion } from "../../../functions/replication/version";
import { exitCodeOf } from "../../../operations/reconcile/tally";
import { send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";
import { LATER, runReconcile, twoSides } from "../support/run-reconcile";

const ticket = (number: number, milliseconds = 0, origin = IRELAND): object =>
  ticketItem({ id: idOf(number), origin, version: versionAt(milliseconds, origin) });
const live = (number: number, milliseconds: number): object =>
  tombstone({ id: idOf(number), version: versionAt(milliseconds), expiresAt: LATER / 1000 + 60 });

describe("reconcile", () => {
  it("writes nothing for equal tables", async () => {
    const items = [1, 2, 3, 4, 5, 6, 7].map((number) => ticket(number));
    const sides = twoSides(items, items);
    const { tally } = await runReconcile(sides);
    assert.equal(exitCodeOf(tally), 0);
    assert.deepEqual(tally.compared, { ireland: 7, singapore: 7 });
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("copies missing, newer and deleted items in both directions", async () => {
    const sides = twoSides(
      [ticket(1), ticket(2, 5), ticket(3), live(4, 9), ticket(6)],
      [ticket(2), ticket(3, 5, SINGAPORE), ticket(4), ticket(5, 0, SINGAPORE), ticket(6)],
    );
    const { tally } = await runReconcile(sides);
    assert.deepEqual(sides[0].content(), sides[1].content());
    assert.deepEqual(Object.keys(sides[0].content()), [1, 2, 3, 4, 5, 6].map(idOf));
    assert.equal(sides[1].items.get(idOf(4))?.deleted.BOOL, true);
    assert.deepEqual(tally.repaired, { singapore: 3, ireland: 2 });
    assert.equal(exitCodeOf(tally), 1);
    assert.equal(exitCodeOf((await runReconcile(sides)).tally), 0);
  });

  it("counts a repair of concurrent writes as a conflict", async () => {
    const sides = twoSides([ticket(1, 0)], [ticket(1, 5, SINGAPORE)]);
    const { tally } = await runReconcile(sides);
    assert.equal(tally.conflicts, 1);
  });

  it("writes nothing in a dry run and reports every difference once", async () => {
    const sides = twoSides([ticket(1), ticket(2, 5)], [ticket(2), ticket(3, 0, SINGAPORE)]);
    const before = sides.map((side) => side.content());
    const { tally } = await runReconcile(sides, { dryRun: true });
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
    assert.deepEqual(
      sides.map((side) => side.content()),
      before,
    );
    assert.deepEqual(tally.repaired, { singapore: 2, ireland: 1 });
    assert.equal(tally.findings.length, 3);
    assert.equal(exitCodeOf(tally), 1);
  });

  it("ignores items that belong to one region", async () => {
    const sides = twoSides(
      [{ id: canaryId(IRELAND), checkedAt: 1 }],
      [{ id: canaryId(SINGAPORE), checkedAt: 2 }],
    );
    const { tally } = await runReconcile(sides);
    assert.equal(exitCodeOf(tally), 0);
    assert.deepEqual(tally.compared, { ireland: 0, singapore: 0 });
  });

  it("treats an expired tombstone as an absent item, but still applies it to an older item", async () => {
    const sides = twoSides(
      [tombstone({ id: idOf(1) }), tombstone({ id: idOf(2), version: versionAt(5) })],
      [ticket(2)],
    );
    const { tally } = await runReconcile(sides);
    assert.equal(sides[1].items.has(idOf(1)), false);
    assert.equal(sides[1].items.get(idOf(2))?.deleted.BOOL, true);
    assert.deepEqual(tally.repaired, { singapore: 1 });
  });

  for (const what of ["before", "after"] as const)
    it(`deletes a ticket of the other region that was deleted again ${what} TTL purged the expired tombstone`, async () => {
      const table = new MemoryTable([tombstone({ version: versionAt(5) })]);
      if (what === "after") table.remove(idOf(1));
      const remove = deleteTicketOperation({ table, region: IRELAND, now: () => LATER });
      assert.equal((await send("deleteTicket", remove, { id: idOf(1) })).status, 204);
      // TTL purges what has expired.
      for (const item of table.items.values())
        if (item.deleted && item.expiresAt * 1000 <= LATER) table.remove(item.id);
      const sides = twoSides([...table.items.values()], [ticket(1)]);
      await runReconcile(sides);
      for (const { items } of sides) assert.equal(items.get(idOf(1))?.deleted?.BOOL, true);
    });

  it("does not write an item with an unusable version, and reports the reason", async () => {
    const farAhead = formatVersion({ milliseconds: LATER + 6 * 60_000, counter: 0, region: IRELAND });
    const broken = [
      { ...ticket(1), version: undefined },
      { ...ticket(2), version: "yesterday" },
      { ...ticket(3), version: versionAt(0, SINGAPORE) },
      { ...ticket(4), version: farAhead },
      { ...ticket(5), origin: undefined },
    ];
    const sides = twoSides(broken, [ticket(1), ticket(2)]);
    const { tally } = await runReconcile(sides);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
    assert.equal(tally.failed, 5);
    assert.equal(exitCodeOf(tally), 2);
    assert.match(tally.findings.join("\n"), /in ireland: its version is more than 5 minutes ahead/);
  });

  it("does not report an in-flight write as a difference", async () => {
    const sides = twoSides([ticket(1)], []);
    const waits: number[] = [];
    const { tally } = await runReconcile(sides, {
      now: () => NOW + 1000,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        sides[1].put(ticket(1));
      },
    });
    assert.deepEqual(waits, [2000]);
    assert.equal(exitCodeOf(tally), 0);
  });

  it("counts no repair if replication is faster", async () => {
    const sides = twoSides([ticket(1)], []);
    sides[1].beforeApply = () => sides[1].put(ticket(1));
    const { tally } = await runReconcile(sides);
    assert.equal(exitCodeOf(tally), 0);
  });

  it("continues after an item that can never be written, and counts it as failed", async () => {
    const sides = twoSides([ticket(1), ticket(2)], []);
    sides[1].beforeApply = ({ id }) => {
      if (id.S === idOf(1)) throw Object.assign(new Error("Too large"), { name: "ValidationException" });
    };
    const { tally } = await runReconcile(sides);
    assert.deepEqual([tally.failed, tally.repaired.singapore, exitCodeOf(tally)], [1, 1, 2]);
    assert.match(tally.findings.join("\n"), /cannot be written in singapore: ValidationException: Too large/);
  });

  it("stops at an error that is not caused by an item", async () => {
    const sides = twoSides([ticket(1)], []);
    sides[1].beforeApply = () => {
      throw Object.assign(new Error("Slow down"), { name: "ThrottlingException" });
    };
    await assert.rejects(runReconcile(sides), { name: "ThrottlingException" });
  });

  it("detects different content of the same version only with --deep", async () => {
    const sides = twoSides([ticketItem({ subject: "Heating" })], [ticketItem({ subject: "Cooling" })]);
    assert.equal(exitCodeOf((await runReconcile(sides)).tally), 0);
    const { tally } = await runReconcile(sides, { deep: true });
    assert.deepEqual([tally.failed, exitCodeOf(tally)], [1, 2]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });
});
