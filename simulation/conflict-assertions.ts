import assert from "node:assert/strict";
import type { ConflictEntry } from "../functions/replication/conflict-entry";
import { parseVersion } from "../functions/replication/version";
import { toImage } from "../testing/attribute-values";
import { ClientWrite, keyOf, Ledger, contentOf } from "./ledger";
import type { Simulation } from "./simulation";

/**
 * Asserts that every write of a client that was lost is told in both regions, and that nothing is told that was no
 * conflict by the causal history. Holds as soon as the streams are drained.
 * @throws AssertionError that says which rule was broken.
 */
export function assertLostWritesTold({ regions, ledger }: Simulation): void {
  for (const { table, conflicts } of regions) {
    for (const conflict of conflicts.values()) assertWasOne(conflict, ledger);
    for (const { id, version } of lostWrites(table.items, ledger))
      assert.ok(
        conflicts.has(keyOf({ id, losingVersion: version })),
        "A write that was lost must be told as a conflict in both regions.",
      );
  }
}

/**
 * Asserts that both regions tell the same conflicts, each with the lowest winner that either ever told. Holds after a
 * reconciliation.
 * @throws AssertionError that says which rule was broken.
 */
export function assertToldTheSame({ regions, ledger }: Simulation): void {
  const [here, there] = regions.map(({ conflicts }) =>
    [...conflicts.values()].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
  );
  assert.deepEqual(here, there, "Both regions must tell the same conflicts.");
  const winners = new Map(here.map((entry) => [keyOf(entry), entry.winningVersion]));
  assert.deepEqual(winners, ledger.lowestWinners, "The lowest winner must be kept.");
}

function assertWasOne(conflict: ConflictEntry, ledger: Ledger): void {
  const { id, losingVersion, winningVersion } = conflict;
  const write = (version: string): ClientWrite | undefined =>
    ledger.writesOf(id).find((candidate) => candidate.version === version);
  const [loser, winner] = [write(losingVersion), write(winningVersion)];
  assert.ok(loser && winner, "A conflict must be one between two writes of clients.");
  assert.ok(
    ledger.areConcurrent(id, losingVersion, winningVersion),
    "What is told must have been a conflict.",
  );
  assert.notEqual(
    contentOf(loser.item),
    contentOf(winner.item),
    "Two writes that say the same are no conflict.",
  );
  assert.ok(losingVersion < winningVersion, "The later of two versions must win.");
  assert.deepEqual(conflict.losing, toImage(loser.item), "The losing image must be kept whole.");
  const at = new Date(parseVersion(winningVersion)?.milliseconds ?? NaN).toISOString();
  assert.deepEqual(
    [conflict.losingOrigin, conflict.winningOrigin, conflict.at],
    [loser.region, winner.region, at],
    "A conflict must tell where and when.",
  );
}

/**
 * The writes that nobody built on, that are not what is stored, that TTL did not purge, and that no newer write repeats: to
 * that one they may have been lost, and nothing with them.
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
