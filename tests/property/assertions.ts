import assert from "node:assert/strict";
import type { StoredTicket } from "../../functions/tickets/ticket";
import type { Ledger } from "./ledger";
import type { Simulation } from "./simulation";

/** Asserts all that must hold once both streams are drained. @throws AssertionError that says which rule was broken. */
export function assertConverged({ regions: [ireland, singapore], ledger }: Simulation): void {
  assertWritesAreDistinct(ledger);
  const [here, there] = [ireland, singapore].map(({ table }) => replicated(table.items, ledger));
  assert.deepEqual(here, there, "Both tables must hold equal items.");
  assertNoPingPong(ledger);
  assertQuarantined(ledger);
  for (const id of new Set(ledger.clientWrites.map((write) => write.id)))
    assertNothingLost(
      here.find((item) => item.id === id),
      id,
      ledger,
    );
  assertSeenTellsConflicts(ledger);
}

/** A table's items in the order of their ids, without those that were put there past the application. */
export function replicated(items: ReadonlyMap<string, StoredTicket>, ledger: Ledger): StoredTicket[] {
  const kept = [...items.values()].filter(({ id }) => !ledger.poisoned.includes(id));
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

function assertQuarantined({ poisoned, quarantined, applied }: Ledger): void {
  const ids = new Set(quarantined.map(({ record }) => record.dynamodb?.Keys?.id.S));
  assert.deepEqual([...ids].sort(), [...poisoned].sort(), "Exactly the poisoned items must be quarantined.");
  const escaped = applied.filter(({ incoming }) => poisoned.includes(incoming.id));
  assert.deepEqual(escaped, [], "No poisoned item may reach the other region.");
}

/** In a region every version is replaced by one write only, else one of two writers overwrote the other unseen. */
function assertWritesAreDistinct({ clientWrites }: Ledger): void {
  const replaced = new Set(clientWrites.map(({ id, region, parent }) => `${id} ${region} ${parent}`));
  assert.equal(replaced.size, clientWrites.length, "No write may overwrite one of its own region unseen.");
  const versions = new Set(clientWrites.map(({ id, version }) => `${id} ${version}`));
  assert.equal(versions.size, clientWrites.length, "No two writes of a ticket may have one version.");
}

/** A write may only be lost to one that did not know of it and that it did not know of. */
function assertNothingLost(final: StoredTicket | undefined, id: string, ledger: Ledger): void {
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
  if (heads.every(({ deleted }) => deleted))
    assert.equal(final.deleted, true, "A ticket must stay deleted when its delete knew the last write.");
}

/** `seen` must tell exactly whether an incoming write knew of the one that it replaced. */
function assertSeenTellsConflicts(ledger: Ledger): void {
  for (const { incoming, replaced } of ledger.applied) {
    if (!replaced) continue;
    const saysKnown = (incoming.seen[replaced.origin] ?? "") >= replaced.version;
    const isKnown = ledger.ancestorsOf(incoming.id, incoming.version).has(replaced.version);
    assert.equal(saysKnown, isKnown, "A write's seen must tell whether it knew the one that it replaced.");
  }
}
