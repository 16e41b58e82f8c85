import assert from "node:assert/strict";
import fc from "fast-check";
import { PROJECT } from "../../../command-line/stack-name";
import type { ExistingResource } from "../../../local/aws/resource";
import { Cleanup } from "../../../local/cleanup";
import { CloudHost } from "../../../local/cloud-host";
import { Deployment } from "../../../local/pulumi/deployment";
import { stackConfig } from "../../../local/pulumi/stack-config";
import { PROJECT_DIRECTORY } from "../../../local/services";
import { CloudLedger } from "../../engine/support/cloud-ledger";
import { comparableState, type ComparableState } from "../../engine/support/comparable-state";
import { RUNS_ALL_CASES, seedOf } from "../../support/sampling";

/** Seed of the resources that fail. `RECOVERY_SEED=<seed> npx mocha tests/local/pulumi/program-recovery.test.ts` repeats a run. */
const seed = seedOf("RECOVERY_SEED");
/** Number of resources that fail in each phase, one after the other, without `--all`. */
const SAMPLE = 4;

/**
 * Configurations of the phases: the first creates, the second also updates and deletes, the third updates and deletes more, which the
 * second has unprotected.
 */
const PHASES: readonly Readonly<Record<string, string | undefined>>[] = [
  {},
  { "tickets:domainName": "tickets.test", "tickets:logRetentionDays": "14", "tickets:protectData": "false" },
  { "tickets:protectData": "false" },
];

describe(`the program without the CLI, with random failures (RECOVERY_SEED=${seed})`, function () {
  this.timeout(RUNS_ALL_CASES ? 3_600_000 : 240_000);
  let cleanup: Cleanup;

  beforeEach(() => {
    cleanup = new Cleanup();
  });
  afterEach(() => cleanup.close());

  it("ends every next update as a deployment without failures", async () => {
    const reference = await FailingStack.start(cleanup);
    const stack = await FailingStack.start(cleanup);
    for (const [index, config] of PHASES.entries()) {
      const changes = await reference.update(config);
      const failing = sampleOf(changes, seed + index);
      assert.ok(failing.length > 0);
      stack.failing = new Set(failing);
      for (const call of failing) {
        await assert.rejects(stack.update(config), /the test lets it fail/, call);
        stack.failing.delete(stack.lastFailed);
      }
      await stack.update(config);
      assert.deepEqual(await stack.contents(), await reference.contents());
      assert.deepEqual(await stack.update(config), []);
    }
  });
});

/** Services of a local cloud with a stack of the project. A test lets calls of resource handlers fail. */
class FailingStack {
  /** Calls that fail, as `create <type> <name>`. */
  failing = new Set<string>();
  lastFailed = "";
  private readonly ledger = new CloudLedger();
  private readonly deployment: Deployment;

  private constructor({ services }: CloudHost) {
    const { resourceHandlers, remoteComponents } = services;
    const before = (kind: string, { type, name }: Pick<ExistingResource, "type" | "name">): void => {
      const call = `${kind} ${type} ${name}`;
      if (!this.failing.has(call)) return;
      this.lastFailed = call;
      throw new Error(`${call}: the test lets it fail`);
    };
    const failing = Object.entries(this.ledger.recordCalls(resourceHandlers)).map(([type, handler]) => [
      type,
      {
        ...handler,
        create: async (resource: Parameters<typeof handler.create>[0]) => {
          before("create", resource);
          return handler.create(resource);
        },
        update: async (resource: ExistingResource, inputs: ExistingResource["inputs"]) => {
          before("update", resource);
          return handler.update(resource, inputs);
        },
        delete: async (resource: ExistingResource) => {
          before("delete", resource);
          return handler.delete(resource);
        },
      },
    ]);
    this.deployment = new Deployment({
      ...{ project: PROJECT, stack: "ireland", directory: PROJECT_DIRECTORY, remoteComponents },
      resourceHandlers: Object.fromEntries(failing) as typeof resourceHandlers,
    });
  }

  static async start(cleanup: Cleanup): Promise<FailingStack> {
    const options = { stack: "ireland", domain: "tickets.test", port: 0, speed: 1 };
    const listener = { log: () => undefined, progress: () => undefined };
    const none = { dynamodbEndpoint: undefined, data: undefined };
    const host = await CloudHost.start({ ...options, ...none }, listener, cleanup);
    host.services.acm.setReleaseTime(0);
    return new FailingStack(host);
  }

  /** Returns the changes that were made, as `create <type> <name>`. */
  async update(changes: Readonly<Record<string, string | undefined>>): Promise<string[]> {
    const config = stackConfig(PROJECT_DIRECTORY, "ireland", changes);
    const { steps } = await this.deployment.update({ config });
    return steps
      .filter(({ operation }) => operation !== "same")
      .map(({ operation, type, name }) => `${operation.split("-")[0]} ${type} ${name}`);
  }

  /** Returns the resources that exist, in a form that is equal for two clouds. */
  async contents(): Promise<ComparableState> {
    const resources = (await this.ledger.existing()).map(({ type, name, ...resource }) => {
      // A driver without an engine does not mark generated names.
      const generated = Object.keys(resource.inputs).filter((input) =>
        new RegExp(`^${name}-[0-9a-f]{7}$`).test(String(resource.inputs[input])),
      );
      return {
        ...resource,
        type,
        urn: `${type} ${name}`,
        inputs: { ...resource.inputs, __defaults: generated },
        outputs: { ...resource.inputs, ...resource.outputs },
      };
    });
    return comparableState({ resources });
  }
}

function sampleOf(changes: readonly string[], sampleSeed: number): string[] {
  const all = [...changes];
  const maxLength = RUNS_ALL_CASES ? all.length : Math.min(SAMPLE, all.length);
  return fc.sample(fc.shuffledSubarray(all, { minLength: maxLength, maxLength }), {
    seed: sampleSeed,
    numRuns: 1,
  })[0];
}
