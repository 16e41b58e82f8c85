import assert from "node:assert/strict";
import type { ConflictEntry } from "../../../functions/replication/conflict-entry";
import { type ConflictSide, reconcileConflicts } from "../../../operations/reconcile/conflict-tables";
import { idOf, IRELAND, NOW, SINGAPORE, versionAt } from "../../../testing/tickets";

function entry(losing: number, winning: number): ConflictEntry {
  const at = new Date(NOW + winning).toISOString();
  return {
    id: idOf(1),
    losingVersion: versionAt(losing, SINGAPORE),
    losingOrigin: SINGAPORE,
    winningVersion: versionAt(winning),
    winningOrigin: IRELAND,
    at,
    losing: { id: { S: idOf(1) } },
    expiresAt: NOW / 1000 + 90,
  };
}

/** In-memory conflict table with one entry per page; in a dry run it writes nothing. */
function sideWith(
  entries: readonly ConflictEntry[],
  isDry = false,
): ConflictSide & { all(): ConflictEntry[] } {
  const stored = new Map(entries.map((each) => [each.losingVersion, each]));
  return {
    async put(each) {
      const found = stored.get(each.losingVersion);
      const isNew = !found || found.winningVersion > each.winningVersion;
      if (isNew && !isDry) stored.set(each.losingVersion, each);
      return found;
    },
    async *pages() {
      for (const each of [...stored.values()]) yield [each];
    },
    all: () =>
      [...stored.values()].sort((left, right) => (left.losingVersion < right.losingVersion ? -1 : 1)),
  };
}

describe("reconcileConflicts", () => {
  const now = (): number => NOW;

  it("copies missing entries in both directions", async () => {
    const [ireland, singapore] = [
      sideWith([entry(1, 10), entry(2, 10)]),
      sideWith([entry(2, 10), entry(3, 10)]),
    ];
    assert.equal(await reconcileConflicts([ireland, singapore], now), 2);
    assert.deepEqual(ireland.all(), [entry(1, 10), entry(2, 10), entry(3, 10)]);
    assert.deepEqual(singapore.all(), ireland.all());
  });

  for (const [here, there] of [
    [10, 11],
    [11, 10],
  ])
    it(`stores the lower winning version of ${here} and ${there} in both`, async () => {
      const [ireland, singapore] = [sideWith([entry(1, here)]), sideWith([entry(1, there)])];
      assert.equal(await reconcileConflicts([ireland, singapore], now), 1);
      assert.deepEqual([ireland.all(), singapore.all()], [[entry(1, 10)], [entry(1, 10)]]);
    });

  it("changes nothing in a second run", async () => {
    const sides = [sideWith([entry(1, 10)]), sideWith([entry(1, 11), entry(2, 10)])] as const;
    await reconcileConflicts(sides, now);
    assert.equal(await reconcileConflicts(sides, now), 0);
  });

  it("counts each entry once in a dry run and writes nothing", async () => {
    const sides = [sideWith([entry(1, 10)], true), sideWith([entry(1, 11), entry(2, 10)], true)] as const;
    assert.equal(await reconcileConflicts(sides, now), 2);
    assert.deepEqual(sides[1].all(), [entry(1, 11), entry(2, 10)]);
  });

  it("ignores expired entries", async () => {
    const [ireland, singapore] = [sideWith([entry(1, 10)]), sideWith([])];
    assert.equal(await reconcileConflicts([ireland, singapore], () => NOW + 90_000), 0);
    assert.deepEqual(singapore.all(), []);
  });
});
