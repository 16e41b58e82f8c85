import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExistingResource } from "../../local/aws/resource";
import { resourceNameOf, type ResourceName } from "../../local/pulumi/engine/engine-run";
import type { EngineState } from "../../local/pulumi/engine/engine-stack";
import { PROJECT_DIRECTORY } from "../../local/services";
import { RUNS_ALL_CASES, seedOf } from "../support/sampling";
import { adoptPending } from "./support/adopt-pending";
import type { StateResource } from "./support/comparable-state";
import { describeWithEngine, EngineCloud, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { assertEnd, failing, killWhileCreating, namesOf, outsideTheState } from "./support/failing-runs";
import { createdByProvider, independentGroups } from "./support/independent-sample";
import { assertNoMetadataFiles } from "./support/state-files";

/** Seed of the resources that fail. `FAILURE_SEED=<seed> npx mocha tests/engine/failures.test.ts` repeats a run. */
const seed = seedOf("FAILURE_SEED");
/** Number of resources that fail in one run of the engine, without `--all`. */
const SAMPLE = 30;
/** Adds resources and updates log groups; in `index.ts` it adds a domain, deletes the public websites, and updates more types. */
const CHANGE = {
  "tickets:domainName": "tickets.test",
  "tickets:logRetentionDays": "14",
  "tickets:protectData": "false",
};

/** Undoes `CHANGE`. */
const UNCHANGED = {
  "tickets:domainName": undefined,
  "tickets:logRetentionDays": undefined,
  "tickets:protectData": undefined,
};
/** Number of resources that the killed engine changes at once. */
const PARALLEL = 8;
/** Types of which a second resource with the same inputs is rejected. Other types have generated names. */
const WITH_FIXED_NAMES = [
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
  "aws:lambda/alias:Alias",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
];

/** Resources that fail in one life of a stack. */
interface Failures {
  readonly creation: readonly StateResource[];
  readonly change: readonly StateResource[];
  readonly deletion: readonly StateResource[];
}

/** Programs by title, as files of the project. `index.ts` under the engine takes minutes; without it, see program-recovery.test.ts. */
const PROGRAMS = {
  "a small program": "tests/engine/programs/small.ts",
  ...(RUNS_ALL_CASES && { "the program": "index.ts" }),
};

for (const [title, program] of Object.entries(PROGRAMS))
  describeWithEngine(`a deployment of ${title} that fails in the middle (FAILURE_SEED=${seed})`, () => {
    const reference = useEngineCloud();
    const cloud = useEngineCloud();
    let stack: StackUnderTest;
    let created: EngineState;
    let changed: EngineState;
    let lives: Failures[];

    before("deploys, and changes the deployment, without failures", async () => {
      const other = await openStack(reference());
      await other.up();
      created = await other.state();
      const { created: added, updated } = await other.up({ config: CHANGE });
      changed = await other.state();
      lives = livesOf(created, changed, [...added, ...updated]);
      stack = await openStack(cloud());
    });

    it("stops at a resource that cannot be created, and reports it", async () => {
      const [first] = lives[0].creation;
      const failed = await failing(cloud(), [first], () => stack.tryUp());
      assert.deepEqual(failed.failed, namesOf([first]));
      assert.match(String(failed.error), /the test lets it fail/);
    });

    it("creates in the next up what failed, with the end of a run without failure", () =>
      survivesCreation(cloud(), stack, lives[0].creation));

    it("creates and updates in the next up what failed in a change", () =>
      survivesChange(cloud(), stack, lives[0].change));

    it("deletes in the next destroy what failed in the first", () =>
      survivesDeletion(cloud(), stack, lives[0].deletion));

    describe("and whose engine is killed", () => {
      let left: ExistingResource[];

      it("leaves at most as many resources outside the state as it creates at once", async () => {
        const fixed = namesOf(createdByProvider(created)).filter(hasFixedName);
        const during = fixed[seed % fixed.length];
        await killWhileCreating(cloud(), stack, { during, parallel: PARALLEL, config: UNCHANGED });
        await stack.cancel();
        const state = await stack.state();
        left = await outsideTheState(cloud(), state);
        assert.ok(left.length > 0 && left.length <= PARALLEL, `${left.length} resources`);
        const pending = (state.pending_operations ?? []).map(({ resource }) => resourceNameOf(resource.urn));
        const names = left.map(({ type, name }) => `${type} ${name}`);
        assert.deepEqual(
          names.filter((name) => !pending.includes(name)),
          [],
        );
        assert.ok(names.includes(during));
      });

      it("has no file beside its state that a killed engine could leave incomplete", () => {
        assertNoMetadataFiles(join(cloud().directory, "backend"));
      });

      it("completes in the next up, without a leftover, once they are adopted", async () => {
        await adoptPending(stack, left);
        const refresh = await stack.refresh();
        assert.deepEqual([refresh.deleted, refresh.warnings], [[], []]);
        const { warnings, replaced } = await stack.up();
        assert.deepEqual([replaced, warnings], [[], []]);
        await assertEnd(cloud(), stack, created);
      });
    });

    if (RUNS_ALL_CASES)
      it("ends as a run without failure whichever resource fails", async function () {
        this.timeout(lives.length * 10 * 60_000);
        for (const life of lives.slice(1)) {
          const another = await EngineCloud.start();
          try {
            const opened = await openStack(another);
            await survivesCreation(another, opened, life.creation);
            await survivesChange(another, opened, life.change);
            await survivesDeletion(another, opened, life.deletion);
          } finally {
            await another.close();
          }
        }
      });

    async function openStack(account: EngineCloud): Promise<StackUnderTest> {
      const opened = await account.openStack("ireland", { checkpoints: true });
      opened.program.write("index.ts", readFileSync(join(PROJECT_DIRECTORY, program), "utf8"));
      return opened;
    }

    async function survivesCreation(
      account: EngineCloud,
      opened: StackUnderTest,
      sample: readonly StateResource[],
    ): Promise<void> {
      const before = new Set(namesOf(createdByProvider(await opened.state())));
      const failed = await failing(account, sample, () => opened.tryUp({ continueOnError: true }));
      assert.deepEqual(
        failed.failed,
        namesOf(sample).filter((name) => !before.has(name)),
      );
      await opened.up();
      await assertEnd(account, opened, created);
    }

    async function survivesChange(
      account: EngineCloud,
      opened: StackUnderTest,
      sample: readonly StateResource[],
    ): Promise<void> {
      const change = { config: CHANGE, continueOnError: true };
      const failed = await failing(account, sample, () => opened.tryUp(change));
      assert.deepEqual(failed.failed, namesOf(sample));
      await opened.up();
      await assertEnd(account, opened, changed);
    }

    async function survivesDeletion(
      account: EngineCloud,
      opened: StackUnderTest,
      sample: readonly StateResource[],
    ): Promise<void> {
      const failed = await failing(account, sample, () => opened.tryDestroy({ continueOnError: true }));
      assert.deepEqual(failed.failed, namesOf(sample));
      await opened.destroy();
      assert.deepEqual((await opened.state()).resources ?? [], []);
      assert.deepEqual(await account.ledger.existing(), []);
    }
  });

/** Returns which resources fail in each life of a stack: in all of them, every resource once in each phase. */
function livesOf(created: EngineState, changed: EngineState, names: readonly ResourceName[]): Failures[] {
  const inChange = createdByProvider(changed).filter(({ urn }) => names.includes(resourceNameOf(urn)));
  const creation = independentGroups(created, createdByProvider(created), seed);
  const change = independentGroups(changed, inChange, seed);
  const deletion = independentGroups(changed, createdByProvider(changed), seed);
  const limited = (group: readonly StateResource[] = []): readonly StateResource[] =>
    RUNS_ALL_CASES ? group : group.slice(0, SAMPLE);
  const count = RUNS_ALL_CASES ? Math.max(creation.length, change.length, deletion.length) : 1;
  return Array.from({ length: count }, (_, index) => ({
    creation: limited(creation[index]),
    change: limited(change[index]),
    deletion: limited(deletion[index]),
  }));
}

function hasFixedName(type: string): boolean {
  return WITH_FIXED_NAMES.some((one) => type.startsWith(one));
}
