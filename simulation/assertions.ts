import assert from "node:assert/strict";
import type { StoredTicket } from "../functions/tickets/ticket";
import type { Ledger } from "./ledger";
import type { SimulatedRegion } from "./region";
import type { Simulation } from "./simulation";

/** Asserts every guarantee that holds after both streams are drained. @throws AssertionError that names the broken guarantee. */
export function assertConverged(simulation: Simulation): void {
  const { ledger, regions } = simulation;
  assertWritesAreDistinct(ledger);
  assertEqualTables(simulation);
  assertNoPingPong(ledger);
  assertQuarantined(ledger);
  assertNothingForged(simulation);
  for (const id of new Set(ledger.clientWrites.map((write) => write.id)))
    assertNothingLost(regions[0].table.items.get(id), id, ledger);
  assertSeenIsExact(ledger);
}

/** Asserts that both tables hold equal items. */
export function assertEqualTables({ regions, ledger }: Simulation): void {
  const [here, there] = regions.map((region) => replicated(region, ledger));
  assert.deepEqual(here, there, "Both tables must hold equal items.");
}

/** Returns the items of a table ordered by id, without items written past the application and items that TTL may purge. */
function replicated(region: SimulatedRegion, { poisoned, forged }: Ledger): StoredTicket[] {
  const items = [...region.table.items.values()];
  const unknown = [...poisoned, ...forged.map(({ id }) => id)];
  const kept = items.filter((item) => !unknown.includes(item.id) && !region.mayPurge(item));
  return kept.sort((left, right) => (left.id < right.id ? -1 : 1));
}

function assertNoPingPong({ clientWrites, applied, returned }: Ledger): void {
  assert.deepEqual(returned, [], "No write may be replicated back to its own region.");
  assert.ok(
    applied.length <= clientWrites.length,
    "There may not be more replicated writes than client writes.",
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
  const healthyItems = [...ids].filter((id) => !poisoned.includes(id));
  assert.deepEqual(healthyItems, [], "Only poisoned items may be quarantined.");
  const escaped = applied.filter(({ incoming }) => poisoned.includes(incoming.id));
  assert.deepEqual(escaped, [], "No poisoned item may reach the other region.");
}

/** Asserts that a reserved item stays in the region where it was written, regardless of its origin attribute. */
function assertNothingForged({ ledger, regions }: Simulation): void {
  const arrived = regions.flatMap(({ region, table }) =>
    ledger.forged.filter(({ id, region: from }) => from !== region && table.items.get(id)?.origin === from),
  );
  assert.deepEqual(arrived, [], "No forged item may reach the other region.");
}

/** Asserts that in each region only one write replaces a version. Otherwise a writer overwrote another one without reading it. */
function assertWritesAreDistinct({ clientWrites, purged }: Ledger): void {
  // After a purge, a writer finds no item again.
  const replacing = clientWrites.filter(({ id, parent }) => parent !== undefined || !purged.has(id));
  const replaced = new Set(replacing.map(({ id, region, parent }) => `${id} ${region} ${parent}`));
  assert.equal(
    replaced.size,
    replacing.length,
    "No write may overwrite another one of its region without reading it.",
  );
  const versions = new Set(clientWrites.map(({ id, version }) => `${id} ${version}`));
  assert.equal(versions.size, clientWrites.length, "No two writes of a ticket may have the same version.");
}

/** Asserts that a write was lost only to a concurrent one. */
function assertNothingLost(final: StoredTicket | undefined, id: string, ledger: Ledger): void {
  if (!final && ledger.purged.has(id)) return;
  assert.ok(final, "A written ticket must be stored, a deleted one as a tombstone.");
  const writes = ledger.writesOf(id);
  const winner = writes.find(({ version }) => version === final.version);
  assert.ok(winner, "The stored item must be a write of a client.");
  const builtOn = new Set(writes.flatMap(({ version }) => [...ledger.ancestorsOf(id, version)]));
  assert.ok(!builtOn.has(winner.version), "A write may not lose to one that it replaced.");
  for (const { version, region } of writes.filter(({ version }) =>
    ledger.ancestorsOf(id, winner.version).has(version),
  ))
    assert.ok(
      (final.seen[region] ?? "") >= version,
      "The seen attribute must cover all writes that the stored item builds on.",
    );
  const heads = writes.filter(({ version }) => !builtOn.has(version));
  if (heads.every(({ item }) => item.deleted))
    assert.equal(final.deleted, true, "A ticket must stay deleted if its delete knew the last write.");
}

/** Asserts that `seen` states exactly whether an incoming write knew the one that it replaced. */
function assertSeenIsExact(ledger: Ledger): void {
  for (const { incoming, replaced } of ledger.applied) {
    // After a purge, a repeated idempotency key creates its ticket again.
    if (!replaced || ledger.purged.get(incoming.id)?.includes(replaced.version)) continue;
    const saysKnown = (incoming.seen[replaced.origin] ?? "") >= replaced.version;
    const isKnown = ledger.ancestorsOf(incoming.id, incoming.version).has(replaced.version);
    assert.equal(
      saysKnown,
      isKnown,
      "The seen attribute of a write must state whether it knew the write that it replaced.",
    );
  }
}
