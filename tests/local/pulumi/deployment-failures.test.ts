import assert from "node:assert/strict";
import { Described, DescribedDeployment, operations } from "../support/described-deployment";
import { QUEUE } from "../support/memory-queues";

describe("Deployment that refuses or fails", () => {
  let deployment: DescribedDeployment;

  beforeEach(() => {
    deployment = new DescribedDeployment();
  });
  afterEach(() => deployment.restoreProgram());

  describe("protect", () => {
    const urn = `urn:pulumi:ireland::tickets::${QUEUE}::a`;
    const isProtected = { name: "a", options: { protect: true } };

    it("refuses to delete, deletes nothing else, and deletes once the protection is removed", async () => {
      await deployment.calls(isProtected, { name: "b" });
      await assert.rejects(deployment.update([]), (error: Error) => {
        assert.ok(
          error.message.startsWith(
            `${QUEUE} "a" could not be deleted: resource "${urn}" cannot be deleted\nbecause it is protected. ` +
              "To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
          ),
        );
        assert.match(error.message, /In the local cloud, declare it once without `protect`/);
        return true;
      });
      assert.deepEqual(deployment.queues.newCalls(), []);
      assert.deepEqual(await deployment.calls({ name: "a" }), ["delete b"]);
      assert.deepEqual(await deployment.calls(), ["delete a"]);
    });

    it("refuses to replace, unless the protection is removed at the same time", async () => {
      await deployment.calls(isProtected);
      const replacing = { ...isProtected, inputs: { fifoQueue: true } };
      await assert.rejects(deployment.update([replacing]), {
        message: new RegExp(
          `unable to replace resource "${urn.replaceAll("$", "\\$")}"\nas it is currently marked for protection`,
        ),
      });
      assert.deepEqual(deployment.queues.newCalls(), []);
      assert.deepEqual(await deployment.calls({ ...replacing, options: {} }), ["create a", "delete a"]);
    });

    it("refuses to replace a resource whose protected dependent would be deleted first", async () => {
      const program = (fifoQueue: boolean): Described[] => [
        { name: "a", inputs: { name: "explicit", fifoQueue } },
        { name: "b", redriveOf: "a", options: { protect: true } },
      ];
      await deployment.calls(...program(false));
      await assert.rejects(deployment.update(program(true)), {
        message: /::b" as part of replacing ".*::a"/,
      });
      assert.deepEqual(deployment.queues.newCalls(), []);
    });
  });

  it("forgets a resource with retainOnDelete without deleting it", async () => {
    await deployment.calls({ name: "a", options: { retainOnDelete: true } });
    const result = await deployment.update([]);
    assert.deepEqual(operations(result), ["discard a"]);
    assert.equal(deployment.queues.existing.size, 1);
    assert.deepEqual(operations(await deployment.update([])), []);
  });

  it("rejects a URN that is declared twice", async () => {
    await assert.rejects(deployment.update([{ name: "a" }, { name: "a" }]), {
      message: /duplicate resource URN .*::a"/,
    });
  });

  for (const [option, value] of Object.entries({
    ignoreChanges: ["tags"],
    replaceOnChanges: ["tags"],
    import: "id",
  }))
    it(`rejects the resource option ${option}`, async () => {
      await assert.rejects(deployment.update([{ name: "a", options: { [option]: value } }]), {
        message:
          `${QUEUE} "a" could not be created: the local cloud does not support the resource option ${option}. ` +
          "Leave it out, or deploy to AWS.",
      });
    });

  describe("failure", () => {
    it("keeps what succeeded, and the next update creates the rest", async () => {
      const program = [{ name: "a" }, { name: "b", policyOf: "a" }, { name: "c", policyOf: "b" }];
      deployment.queues.failing.add("create b");
      await assert.rejects(deployment.update(program), {
        message: `${QUEUE} "b" could not be created: the disk is full`,
      });
      assert.deepEqual(deployment.queues.newCalls(), ["create a"]);
      deployment.queues.failing.clear();
      assert.deepEqual(await deployment.calls(...program), ["create b", "create c"]);
    });

    it("keeps the inputs before a failed update, and the next update repeats it", async () => {
      await deployment.calls({ name: "a" });
      deployment.queues.failing.add("update a");
      const program = [{ name: "a", inputs: { delaySeconds: 2 } }];
      await assert.rejects(deployment.update(program), {
        message: `${QUEUE} "a" could not be updated: the disk is full`,
      });
      deployment.queues.failing.clear();
      assert.deepEqual(await deployment.calls(...program), ["update a"]);
      assert.deepEqual(await deployment.calls(...program), []);
    });

    it("deletes a replaced resource in the next update when the first one fails after its replacement", async () => {
      await deployment.calls({ name: "a" }, { name: "b", policyOf: "a" });
      const program = [
        { name: "a", inputs: { fifoQueue: true } },
        { name: "b", policyOf: "a" },
      ];
      deployment.queues.failing.add("update b");
      await assert.rejects(deployment.update(program));
      assert.deepEqual(deployment.queues.newCalls(), ["create a"]);
      assert.equal(deployment.queues.existing.size, 3);
      deployment.queues.failing.clear();
      assert.deepEqual(await deployment.calls(...program), ["update b", "delete a"]);
      assert.equal(deployment.queues.existing.size, 2);
    });

    it("creates a resource in the next update when its creation fails after the old one is deleted", async () => {
      await deployment.calls({ name: "a", inputs: { name: "explicit" } });
      const program = [{ name: "a", inputs: { name: "explicit", fifoQueue: true } }];
      deployment.queues.failing.add("create a");
      await assert.rejects(deployment.update(program));
      assert.equal(deployment.queues.existing.size, 0);
      deployment.queues.failing.clear();
      await deployment.calls(...program);
      assert.deepEqual(deployment.names(), ["explicit"]);
    });

    it("continues with the rest of the deletions in the next update", async () => {
      await deployment.calls({ name: "a" }, { name: "b", policyOf: "a" });
      deployment.queues.failing.add("delete a");
      await assert.rejects(deployment.update([]), {
        message: `${QUEUE} "a" could not be deleted: the disk is full`,
      });
      assert.deepEqual(deployment.queues.newCalls(), ["delete b"]);
      deployment.queues.failing.clear();
      assert.deepEqual(await deployment.calls(), ["delete a"]);
    });

    it("deletes nothing when the program throws, and registers nothing afterwards", async () => {
      await deployment.calls({ name: "a" });
      await assert.rejects(deployment.update([{ name: "b" }], { "tickets:error": "wrong" }), {
        message: "wrong",
      });
      assert.ok(deployment.names().some((name) => name.startsWith("a-")));
      await deployment.update([{ name: "a" }]);
      assert.deepEqual(
        deployment.names().map((name) => name[0]),
        ["a"],
      );
    });

    it("waits in the next update for steps that were still running", async () => {
      let finish: () => void = () => undefined;
      deployment.queues.waiting.set("create slow", new Promise<void>((resolve) => (finish = resolve)));
      deployment.queues.failing.add("create b");
      const program = [{ name: "slow" }, { name: "b" }];
      await assert.rejects(deployment.update(program), { message: /"b" could not be created/ });
      deployment.queues.failing.clear();
      const next = deployment.update(program);
      finish();
      await next;
      assert.deepEqual(deployment.queues.newCalls(), ["create slow", "create b"]);
    });
  });
});
