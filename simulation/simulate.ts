import assert from "node:assert/strict";
import { assertClientPromises } from "./client-assertions";
import { assertLostWritesRecorded, assertEqualConflicts } from "./conflict-assertions";
import { assertConverged, assertEqualTables } from "./assertions";
import type { Rules } from "./rules";
import { Simulation } from "./simulation";
import type { Step } from "./steps";

/**
 * Runs one simulation and asserts every guarantee.
 * @throws AssertionError that names the broken guarantee; Error if replication never ends.
 */
export async function simulate(rules: Rules, steps: readonly Step[]): Promise<void> {
  const simulation = new Simulation(rules);
  await simulation.run(steps);
  await simulation.settle();
  assertConverged(simulation);
  assertClientPromises(simulation.ledger);
  assertLostWritesRecorded(simulation);
  await assertChangesNothing(simulation, () => simulation.deliverAllAgain());
  await assertChangesNothing(simulation, () => simulation.reconcile());
  assertEqualConflicts(simulation);
  await assertChangesNothing(simulation, async () =>
    simulation.regions.forEach((region) => region.purgeTombstones("all")),
  );
}

/** Asserts that an action replicates nothing more and breaks no guarantee. */
async function assertChangesNothing(simulation: Simulation, action: () => Promise<void>): Promise<void> {
  const { ledger } = simulation;
  const applied = ledger.applied.length;
  await action();
  await simulation.settle();
  assert.equal(ledger.applied.length, applied, "Nothing may be replicated after everything was.");
  assertEqualTables(simulation);
  assertLostWritesRecorded(simulation);
}
