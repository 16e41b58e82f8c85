import assert from "node:assert/strict";
import { assertAnswersTrue } from "./client-assertions";
import { assertLostWritesTold, assertToldTheSame } from "./conflict-assertions";
import { assertConverged, assertEqualTables } from "./assertions";
import type { Rules } from "./rules";
import { Simulation } from "./simulation";
import type { Step } from "./steps";

/**
 * Runs one simulation under some rules to its end, and judges it.
 * @throws AssertionError that says which promise was broken; Error when the regions never come to rest.
 */
export async function simulate(rules: Rules, steps: readonly Step[]): Promise<void> {
  const simulation = new Simulation(rules);
  await simulation.run(steps);
  await simulation.settle();
  assertConverged(simulation);
  assertAnswersTrue(simulation.ledger);
  assertLostWritesTold(simulation);
  await assertAtRest(simulation, () => simulation.deliverAllAgain());
  await assertAtRest(simulation, () => simulation.reconcile());
  assertToldTheSame(simulation);
  await assertAtRest(simulation, async () =>
    simulation.regions.forEach((region) => region.purgeTombstones("all")),
  );
}

/** Asserts that something leaves nothing to replicate behind, and all as it should be. */
async function assertAtRest(simulation: Simulation, action: () => Promise<void>): Promise<void> {
  const { ledger } = simulation;
  const applied = ledger.applied.length;
  await action();
  await simulation.settle();
  assert.equal(ledger.applied.length, applied, "Nothing may be replicated once everything was.");
  assertEqualTables(simulation);
  assertLostWritesTold(simulation);
}
