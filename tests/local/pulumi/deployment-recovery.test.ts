import assert from "node:assert/strict";
import fc from "fast-check";
import { seedOf } from "../../support/sampling";
import { Described, DescribedDeployment, operations } from "../support/described-deployment";

/** Seed of the programs and failures. `RECOVERY_SEED=<seed> npx mocha tests/local/pulumi/deployment-recovery.test.ts` repeats a run. */
const seed = seedOf("RECOVERY_SEED");
const RUNS = 60;
const NAMES = ["a", "b", "c", "d", "e"];
const OPERATIONS = ["create", "update", "delete"];

/** One queue of a random program, before its references are known. */
interface Draft {
  readonly isDeclared: boolean;
  readonly delaySeconds: number;
  readonly fifoQueue: boolean;
  readonly hasExplicitName: boolean;
  readonly deletesFirst: boolean;
  /** Position of the queue that `policy` or `redrivePolicy` refers to; one that is not declared before stands for none. */
  readonly policyOf: number;
  readonly redriveOf: number;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  isDeclared: fc.boolean(),
  delaySeconds: fc.integer({ min: 0, max: 2 }),
  fifoQueue: fc.boolean(),
  hasExplicitName: fc.boolean(),
  deletesFirst: fc.boolean(),
  policyOf: fc.integer({ min: 0, max: NAMES.length }),
  redriveOf: fc.integer({ min: 0, max: NAMES.length }),
});
const program: fc.Arbitrary<Described[]> = fc
  .tuple(...NAMES.map(() => draft))
  .map((drafts) => drafts.flatMap((one, index) => (one.isDeclared ? [describedOf(one, index, drafts)] : [])));
const failures = fc.subarray(
  OPERATIONS.flatMap((operation) => NAMES.map((name) => `${operation} ${name}`)),
  { minLength: 1 },
);

describe(`Deployment with random failures (RECOVERY_SEED=${seed})`, function () {
  this.timeout(180_000);

  it("ends every next update as a deployment without failures", () =>
    fc.assert(
      fc.asyncProperty(program, program, fc.array(failures, { minLength: 3, maxLength: 3 }), survives),
      { seed, numRuns: RUNS },
    ));
});

/** Asserts that a deployment that fails in its creation, its change and its removal ends each time as one that does not fail. */
async function survives(
  first: Described[],
  second: Described[],
  failing: readonly string[][],
): Promise<void> {
  const [reference, deployment] = [new DescribedDeployment(), new DescribedDeployment()];
  try {
    for (const [index, described] of [first, second, []].entries()) {
      await reference.update(described);
      failing[index].forEach((call) => deployment.queues.failing.add(call));
      await deployment.update(described).catch(assertInjected);
      deployment.queues.failing.clear();
      await deployment.update(described);
      assert.deepEqual(contents(deployment), contents(reference));
      const again = operations(await deployment.update(described));
      assert.deepEqual(
        again.filter((step) => !step.startsWith("same ")),
        [],
      );
    }
    assert.equal(deployment.queues.existing.size, 0);
  } finally {
    // In reverse order: each restores what it found.
    deployment.restoreProgram();
    reference.restoreProgram();
  }
}

function assertInjected(error: Error): void {
  assert.match(error.message, /the disk is full/);
}

/** Returns the inputs of every queue that exists, without the random ends of generated names, sorted. */
function contents({ queues }: DescribedDeployment): string[] {
  return [...queues.existing.values()]
    .map((inputs) => JSON.stringify(Object.entries(inputs).sort()).replaceAll(/-[0-9a-f]{7}\b/g, ""))
    .sort();
}

function describedOf(one: Draft, index: number, drafts: readonly Draft[]): Described {
  const name = NAMES[index];
  const { delaySeconds, fifoQueue, hasExplicitName, deletesFirst } = one;
  const before = (position: number): string | undefined =>
    position < index && drafts[position].isDeclared ? NAMES[position] : undefined;
  return {
    name,
    inputs: { delaySeconds, fifoQueue, ...(hasExplicitName && { name: `explicit-${name}` }) },
    policyOf: before(one.policyOf),
    redriveOf: before(one.redriveOf),
    // A queue with an explicit name cannot exist twice.
    ...(deletesFirst && !hasExplicitName && { options: { deleteBeforeReplace: true } }),
  };
}
