import assert from "node:assert/strict";
import { canaryId } from "../../../functions/shared/reserved-items";
import { formatVersion } from "../../../functions/replication/version";
import { exitCodeOf } from "../../../operations/reconcile/tally";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";
import { LATER, runReconcile, twoSides } from "../support/run-reconcile";

const ticket = (number: number, milliseconds = 0, origin = IRELAND): object =>
  ticketItem({ id: idOf(number), origin, version: versionAt(milliseconds, origin) });
const live = (number: number, milliseconds: number): object =>
  tombstone({ id: idOf(number), version: versionAt(milliseconds), expiresAt: LATER / 1000 + 60 });

describe("Reconciling two tables", () => {
  it("finds equal tables equal and writes nothing", async () => {
    const items = [1, 2, 3, 4, 5, 6, 7].map((number) => ticket(number));
    const sides = twoSides(items, items);
    const { tally } = await runReconcile(sides);
    assert.equal(exitCodeOf(tally), 0);
    assert.deepEqual(tally.compared, { ireland: 7, singapore: 7 });
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });

  it("brings what is missing, older or not yet deleted to each side", async () => {
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

  it("counts a repair of two writes that did not know of each other as a conflict", async () => {
    const sides = twoSides([ticket(1, 0)], [ticket(1, 5, SINGAPORE)]);
    const { tally } = await runReconcile(sides);
    assert.equal(tally.conflicts, 1);
  });

  it("writes nothing in a dry run, and tells every difference once", async () => {
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

  it("leaves out what belongs to one region alone", async () => {
    const sides = twoSides(
      [{ id: canaryId(IRELAND), checkedAt: 1 }],
      [{ id: canaryId(SINGAPORE), checkedAt: 2 }],
    );
    const { tally } = await runReconcile(sides);
    assert.equal(exitCodeOf(tally), 0);
    assert.deepEqual(tally.compared, { ireland: 0, singapore: 0 });
  });

  it("takes an expired tombstone for as good as none, but still brings it to an older item", async () => {
    const sides = twoSides(
      [tombstone({ id: idOf(1) }), tombstone({ id: idOf(2), version: versionAt(5) })],
      [ticket(2)],
    );
    const { tally } = await runReconcile(sides);
    assert.equal(sides[1].items.has(idOf(1)), false);
    assert.equal(sides[1].items.get(idOf(2))?.deleted.BOOL, true);
    assert.deepEqual(tally.repaired, { singapore: 1 });
  });

  it("never writes an item whose version nobody can read, and says why", async () => {
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

  it("does not take a write that is still on its way for a difference", async () => {
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

  it("counts nothing when replication comes between the reading and the repair", async () => {
    const sides = twoSides([ticket(1)], []);
    sides[1].beforeApply = () => sides[1].put(ticket(1));
    const { tally } = await runReconcile(sides);
    assert.equal(exitCodeOf(tally), 0);
  });

  it("goes on past an item that can never be written, and ends with what could not be done", async () => {
    const sides = twoSides([ticket(1), ticket(2)], []);
    sides[1].beforeApply = ({ id }) => {
      if (id.S === idOf(1)) throw Object.assign(new Error("Too large"), { name: "ValidationException" });
    };
    const { tally } = await runReconcile(sides);
    assert.deepEqual([tally.failed, tally.repaired.singapore, exitCodeOf(tally)], [1, 1, 2]);
    assert.match(tally.findings.join("\n"), /cannot be written in singapore: ValidationException: Too large/);
  });

  it("stops at an error that is not the item's own", async () => {
    const sides = twoSides([ticket(1)], []);
    sides[1].beforeApply = () => {
      throw Object.assign(new Error("Slow down"), { name: "ThrottlingException" });
    };
    await assert.rejects(runReconcile(sides), { name: "ThrottlingException" });
  });

  it("sees different content under one version only when it looks deep", async () => {
    const sides = twoSides([ticketItem({ subject: "Heating" })], [ticketItem({ subject: "Cooling" })]);
    assert.equal(exitCodeOf((await runReconcile(sides)).tally), 0);
    const { tally } = await runReconcile(sides, { deep: true });
    assert.deepEqual([tally.failed, exitCodeOf(tally)], [1, 2]);
    assert.deepEqual([sides[0].writes, sides[1].writes], [0, 0]);
  });
});
