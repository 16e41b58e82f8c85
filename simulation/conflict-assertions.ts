import assert from "node:assert/strict";
import type { ConflictEntry } from "../functions/replication/conflict-entry";
import { parseVersion } from "../functions/replication/version";
import { toImage } from "../testing/attribute-values";
import { ClientWrite, keyOf, Ledger, contentOf } from "./ledger";
import type { Simulation } from "./simulation";

/**
 * Asserts that both regions recorded every lost client write as a conflict, and recorded nothing else by the causal history. Holds
 * after the streams are drained.
 * @throws AssertionError that names the broken guarantee.
 */
export function assertLostWritesRecorded({ regions, ledger }: Simulation): void {
  for (const { table, conflicts } of regions) {
    for (const conflict of conflicts.values()) assertIsConflict(conflict, ledger);
    for (const { id, version } of lostWrites(table.items, ledger))
      assert.ok(
        conflicts.has(keyOf({ id, losingVersion: version })),
        "A lost write must be recorded as a conflict in both regions.",
      );
  }
}

/**
 * Asserts that both regions have equal conflict entries, each with the lowest winner that either ever recorded. Holds after a
 * reconciliation.
 * @throws AssertionError that names the broken guarantee.
 */
export function assertEqualConflicts({ regions, ledger }: Simulation): void {
  const [here, there] = regions.map(({ conflicts }) =>
    [...conflicts.values()].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
  );
  assert.deepEqual(here, there, "Both regions must have equal conflict entries.");
  const winners = new Map(here.map((entry) => [keyOf(entry), entry.winningVersion]));
  assert.deepEqual(winners, ledger.lowestWinners, "The lowest winner must be kept.");
}

function assertIsConflict(conflict: ConflictEntry, ledger: Ledger): void {
  const { id, losingVersion, winningVersion } = conflict;
  const write = (version: string): ClientWrite | undefined =>
    ledger.writesOf(id).find((candidate) => candidate.version === version);
  const [loser, winner] = [write(losingVersion), write(winningVersion)];
  assert.ok(loser && winner, "A conflict must be between two client writes.");
  assert.ok(
    ledger.areConcurrent(id, losingVersion, winningVersion),
    "A recorded conflict must be between concurrent writes.",
  );
  assert.notEqual(
    contentOf(loser.item),
    contentOf(winner.item),
    "Two writes with equal content are no conflict.",
  );
  assert.ok(losingVersion < winningVersion, "The higher version must win.");
  assert.deepEqual(conflict.losing, toImage(loser.item), "The complete losing image must be recorded.");
  const at = new Date(parseVersion(winningVersion)?.milliseconds ?? NaN).toISOString();
  assert.deepEqual(
    [conflict.losingOrigin, conflict.winningOrigin, conflict.at],
    [loser.region, winner.region, at],
    "A conflict entry must have the regions and the time of its writes.",
  );
}

/**
 * Returns the lost writes: no write builds on them, they are not stored, TTL did not purge them, and no newer write has equal
 * content. Losing a write to one with equal content loses nothing.
 */
function lostWrites(
  stored: ReadonlyMap<string, { readonly version: string }>,
  ledger: Ledger,
): ClientWrite[] {
  const builtOn = new Set(ledger.clientWrites.map(({ id, parent }) => `${id} ${parent}`));
  return ledger.clientWrites.filter(
    ({ id, version, item }) =>
      !builtOn.has(`${id} ${version}`) &&
      stored.get(id)?.version !== version &&
      !ledger.purged.get(id)?.includes(version) &&
      !ledger
        .writesOf(id)
        .some((other) => other.version > version && contentOf(other.item) === contentOf(item)),
  );
}
