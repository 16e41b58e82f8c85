import assert from "node:assert/strict";
import { assertConverged, replicated } from "./assertions";
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
  await simulation.drain();
  assertConverged(simulation);
  await assertAtRest(simulation, () => simulation.deliverAllAgain());
  await assertAtRest(simulation, async () => simulation.purgeTombstones());
}

/** Asserts that something leaves nothing to replicate behind, and both tables equal. */
async function assertAtRest(simulation: Simulation, action: () => Promise<void>): Promise<void> {
  const { ledger, regions } = simulation;
  const applied = ledger.applied.length;
  await action();
  await simulation.drain();
  assert.equal(ledger.applied.length, applied, "Nothing may be replicated once everything was.");
  const [here, there] = regions.map(({ table }) => replicated(table.items, ledger));
  assert.deepEqual(here, there, "Both tables must hold equal items.");
}
