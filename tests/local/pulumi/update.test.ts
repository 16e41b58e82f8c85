import assert from "node:assert/strict";
import { asset } from "@pulumi/pulumi";
import { Contents } from "../../../local/pulumi/contents";
import type { Registration } from "../../../local/pulumi/registration";
import { StackState } from "../../../local/pulumi/stack-state";
import { Update } from "../../../local/pulumi/update";
import { MemoryQueues, QUEUE } from "../support/memory-queues";

describe("Update", () => {
  let queues: MemoryQueues;
  let state: StackState;

  beforeEach(() => {
    queues = new MemoryQueues();
    state = new StackState("ireland");
  });

  /** Registers the queue `a` in an update of its own. */
  async function register(inputs: Registration["inputs"], parent = ""): Promise<void> {
    const update = new Update(state, { [QUEUE]: queues.handler }, new Contents(__dirname));
    await update.register({
      ...{ urn: `urn:pulumi:ireland::tickets::${parent}${QUEUE}::a`, type: QUEUE, name: "a" },
      ...{ region: "eu-west-1", aliases: [], inputs, inputDependencies: {} },
      ...{ protect: false, retainOnDelete: false, deleteBeforeReplace: undefined },
    });
  }
  const physicalNames = (): string[] => queues.declared.map(({ physicalName }) => physicalName);

  it("leaves no resource outside the state when a file of the inputs does not exist", async () => {
    await assert.rejects(register({ tags: new asset.FileAsset("missing.txt") }), /missing\.txt/);
    assert.deepEqual([queues.existing.size, state.all().length], [0, 0]);
  });

  it("gives a resource the same name in an update after a failed one", async () => {
    queues.failing.add("create a");
    await assert.rejects(register({}), /the disk is full/);
    queues.failing.clear();
    await register({});
    const [failed, created] = physicalNames();
    assert.equal(created, failed);
    assert.deepEqual([...queues.existing.keys()], [`eu-west-1/${failed}`]);
  });

  it("gives a replacement the same new name in an update after a failed one", async () => {
    await register({});
    queues.failing.add("create a");
    await assert.rejects(register({ fifoQueue: true }), /the disk is full/);
    queues.failing.clear();
    await register({ fifoQueue: true });
    const [replaced, failed, created] = physicalNames();
    assert.equal(created, failed);
    assert.notEqual(created, replaced);
  });

  it("gives two resources of the same type and name different names", async () => {
    await Promise.all([register({}), register({}, "group$")]);
    assert.equal(new Set(physicalNames()).size, 2);
    assert.equal(queues.existing.size, 2);
  });
});
