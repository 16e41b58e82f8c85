import assert from "node:assert/strict";
import type { StoredTicket } from "../functions/tickets/ticket";
import type { Ledger } from "./ledger";
import type { SimulatedRegion } from "./region";
import type { Simulation } from "./simulation";

/** Asserts all that must hold once both streams are drained. @throws AssertionError that says which rule was broken. */
export function assertConverged(simulation: Simulation): void {
  const { ledger, regions } = simulation;
  assertWritesAreDistinct(ledger);
  assertEqualTables(simulation);
  assertNoPingPong(ledger);
  assertQuarantined(ledger);
  assertNothingForged(simulation);
  for (const id of new Set(ledger.clientWrites.map((write) => write.id)))
    assertNothingLost(regions[0].table.items.get(id), id, ledger);
  assertSeenTellsConflicts(ledger);
}

/** @throws AssertionError when the tables differ. */
export function assertEqualTables({ regions, ledger }: Simulation): void {
  const [here, there] = regions.map((region) => replicated(region, ledger));
  assert.deepEqual(here, there, "Both tables must hold equal items.");
}

/** A table's items in the order of their ids, without those past the application and those that TTL may purge. */
function replicated(region: SimulatedRegion, { poisoned, forged }: Ledger): StoredTicket[] {
  const items = [...region.table.items.values()];
  const unknown = [...poisoned, ...forged.map(({ id }) => id)];
  const kept = items.filter((item) => !unknown.includes(item.id) && !region.mayPurge(item));
  return kept.sort((left, right) => (left.id < right.id ? -1 : 1));
}

function assertNoPingPong({ clientWrites, applied, broughtHome }: Ledger): void {
  assert.deepEqual(broughtHome, [], "No write may be brought back to its own region.");
  assert.ok(
    applied.length <= clientWrites.length,
    "There were more replicated writes than writes of clients.",
  );
  const distinct = new Set(
    applied.map(({ incoming, region }) => `${incoming.id} ${incoming.version} ${region}`),
  );
  assert.equal(distinct.size, applied.length, "Each write must be applied at most once.");
}

function assertQuarantined({ poisoned, quarantined, applied, dropped }: Ledger): void {
  const ids = new Set(quarantined.map(({ record }) => record.dynamodb?.Keys?.id.S ?? ""));
  const missing = poisoned.filter((id) => !ids.has(id) && !dropped.has(id));
  assert.deepEqual(missing, [], "Every poisoned item must be quarantined.");
  const wronged = [...ids].filter((id) => !poisoned.includes(id));
  assert.deepEqual(wronged, [], "Nothing but poisoned items may be quarantined.");
  const escaped = applied.filter(({ incoming }) => poisoned.includes(incoming.id));
  assert.deepEqual(escaped, [], "No poisoned item may reach the other region.");
}

/** A reserved item stays in the region whose table it was put into, whatever it says of itself. */
function assertNothingForged({ ledger, regions }: Simulation): void {
  const arrived = regions.flatMap(({ region, table }) =>
    ledger.forged.filter(({ id, region: from }) => from !== region && table.items.get(id)?.origin === from),
  );
  assert.deepEqual(arrived, [], "No forged item may reach the other region.");
}

/** In a region every version is replaced by one write only, else one of two writers overwrote the other unseen. */
function assertWritesAreDistinct({ clientWrites, purged }: Ledger): void {
  // After a purge there is nothing to be read, again.
  const replacing = clientWrites.filter(({ id, parent }) => parent !== undefined || !purged.has(id));
  const replaced = new Set(replacing.map(({ id, region, parent }) => `${id} ${region} ${parent}`));
  assert.equal(replaced.size, replacing.length, "No write may overwrite one of its own region unseen.");
  const versions = new Set(clientWrites.map(({ id, version }) => `${id} ${version}`));
  assert.equal(versions.size, clientWrites.length, "No two writes of a ticket may have one version.");
}

/** A write may only be lost to one that did not know of it and that it did not know of. */
function assertNothingLost(final: StoredTicket | undefined, id: string, ledger: Ledger): void {
  if (!final && ledger.purged.has(id)) return;
  assert.ok(final, "What was written must be there, a delete as a tombstone.");
  const writes = ledger.writesOf(id);
  const winner = writes.find(({ version }) => version === final.version);
  assert.ok(winner, "What is stored must be what a client wrote.");
  const builtOn = new Set(writes.flatMap(({ version }) => [...ledger.ancestorsOf(id, version)]));
  assert.ok(!builtOn.has(winner.version), "A write must not be lost to one that it had seen.");
  for (const { version, region } of writes.filter(({ version }) =>
    ledger.ancestorsOf(id, winner.version).has(version),
  ))
    assert.ok((final.seen[region] ?? "") >= version, "What is stored must have seen all that it builds on.");
  const heads = writes.filter(({ version }) => !builtOn.has(version));
  if (heads.every(({ item }) => item.deleted))
    assert.equal(final.deleted, true, "A ticket must stay deleted when its delete knew the last write.");
}

/** `seen` must tell exactly whether an incoming write knew of the one that it replaced. */
function assertSeenTellsConflicts(ledger: Ledger): void {
  for (const { incoming, replaced } of ledger.applied) {
    // Once a region has forgotten a delete, a key makes its ticket anew there, over nothing.
    if (!replaced || ledger.purged.get(incoming.id)?.includes(replaced.version)) continue;
    const saysKnown = (incoming.seen[replaced.origin] ?? "") >= replaced.version;
    const isKnown = ledger.ancestorsOf(incoming.id, incoming.version).has(replaced.version);
    assert.equal(saysKnown, isKnown, "A write's seen must tell whether it knew the one that it replaced.");
  }
}
