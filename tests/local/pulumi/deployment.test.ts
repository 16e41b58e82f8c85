import assert from "node:assert/strict";
import { Described, DescribedDeployment, operations } from "../support/described-deployment";

describe("Deployment", () => {
  let deployment: DescribedDeployment;

  beforeEach(() => {
    deployment = new DescribedDeployment();
  });
  afterEach(() => deployment.restoreProgram());

  it("creates the resources, then changes nothing", async () => {
    const program = [{ name: "a" }, { name: "b", policyOf: "a" }];
    const first = await deployment.update(program);
    assert.deepEqual(deployment.queues.newCalls(), ["create a", "create b"]);
    assert.deepEqual(operations(first), ["create a", "create b"]);
    const second = await deployment.update(program);
    assert.deepEqual(deployment.queues.newCalls(), []);
    assert.deepEqual(operations(second), ["same a", "same b"]);
    assert.deepEqual(second.outputs, first.outputs);
  });

  it("updates a resource with every changed input", async () => {
    await deployment.calls({ name: "a", inputs: { delaySeconds: 1 } });
    const result = await deployment.update([{ name: "a", inputs: { delaySeconds: 2, tags: {} } }]);
    assert.deepEqual(deployment.queues.newCalls(), ["update a"]);
    assert.deepEqual(operations(result), ["update a delaySeconds tags"]);
    assert.deepEqual(
      [...deployment.queues.existing.values()].map(({ delaySeconds }) => delaySeconds),
      [2],
    );
  });

  it("adds and removes resources, in reverse order of their dependencies", async () => {
    await deployment.calls({ name: "a" });
    assert.deepEqual(
      await deployment.calls({ name: "a" }, { name: "b", policyOf: "a" }, { name: "c", dependsOn: "b" }),
      ["create b", "create c"],
    );
    assert.deepEqual(await deployment.calls(), ["delete c", "delete b", "delete a"]);
    assert.deepEqual(deployment.names(), []);
  });

  it("deletes in reverse order of the current dependencies, not of the first creation", async () => {
    await deployment.calls({ name: "a" }, { name: "b" });
    await deployment.calls({ name: "b" }, { name: "a", policyOf: "b" });
    assert.deepEqual(await deployment.calls(), ["delete a", "delete b"]);
  });

  it("gives a resource that is declared again a new name", async () => {
    await deployment.calls({ name: "a" });
    const [first] = deployment.names();
    await deployment.calls();
    await deployment.calls({ name: "a" });
    const [second] = deployment.names();
    assert.match(first, /^a-[0-9a-f]{7}$/);
    assert.match(second, /^a-[0-9a-f]{7}$/);
    assert.notEqual(first, second);
  });

  it("gives each resource the same first name in every deployment of a stack", async () => {
    await deployment.calls({ name: "a" });
    const [first] = deployment.names();
    deployment.queues.existing.clear();
    deployment.restart();
    await deployment.calls({ name: "a" });
    assert.deepEqual(deployment.names(), [first]);
  });

  describe("replacement", () => {
    it("creates the new resource under a new name, updates what depends on it, then deletes the old one", async () => {
      await deployment.calls({ name: "a" }, { name: "b", policyOf: "a" });
      const [old] = deployment.names();
      const program = [
        { name: "a", inputs: { fifoQueue: true } },
        { name: "b", policyOf: "a" },
      ];
      const result = await deployment.update(program);
      assert.deepEqual(operations(result), [
        "create-replacement a fifoQueue",
        "update b policy",
        "delete-replaced a",
      ]);
      assert.ok(!deployment.names().includes(old));
      assert.equal(deployment.names().length, 2);
      assert.deepEqual(operations(await deployment.update(program)), ["same a", "same b"]);
    });

    it("replaces a resource whose provider has another region", async () => {
      await deployment.calls({ name: "a" });
      const result = await deployment.update([{ name: "a", region: "ap-southeast-1" }]);
      assert.deepEqual(operations(result), ["create-replacement a region", "delete-replaced a"]);
      const regions = [...deployment.queues.existing.keys()].map((id) => id.split("/")[0]);
      assert.deepEqual(regions, ["ap-southeast-1"]);
    });

    it("deletes first what has an explicit name", async () => {
      await deployment.calls({ name: "a", inputs: { name: "explicit" } });
      assert.deepEqual(await deployment.calls({ name: "a", inputs: { name: "explicit", fifoQueue: true } }), [
        "delete a",
        "create a",
      ]);
    });

    it("follows the resource option deleteBeforeReplace, true or false", async () => {
      await deployment.calls({ name: "a" }, { name: "b", inputs: { name: "one" } });
      const changed = [
        { name: "a", inputs: { fifoQueue: true }, options: { deleteBeforeReplace: true } },
        { name: "b", inputs: { name: "two" }, options: { deleteBeforeReplace: false } },
      ];
      const result = operations(await deployment.update(changed)).map((step) =>
        step.split(" ").slice(0, 2).join(" "),
      );
      assert.deepEqual(
        result.filter((step) => step.endsWith("a")),
        ["delete-replaced a", "create-replacement a"],
      );
      assert.deepEqual(
        result.filter((step) => step.endsWith("b")),
        ["create-replacement b", "delete-replaced b"],
      );
    });

    it("deletes dependents that would be replaced before a resource that is deleted first", async () => {
      const program = (fifoQueue: boolean): Described[] => [
        { name: "a", inputs: { name: "explicit", fifoQueue } },
        { name: "replaced", redriveOf: "a" },
        { name: "replaced-too", redriveOf: "replaced" },
        { name: "updated", policyOf: "a" },
      ];
      await deployment.calls(...program(false));
      const made = await deployment.calls(...program(true));
      assert.deepEqual(made.slice(0, 4), ["delete replaced-too", "delete replaced", "delete a", "create a"]);
      assert.deepEqual(made.slice(4).sort(), ["create replaced", "create replaced-too"]);
    });

    it("keeps a resource that has another parent or parent's type, with an alias", async () => {
      await deployment.calls({ name: "a" });
      const urn = "urn:pulumi:ireland::tickets::aws:sqs/queue:Queue::a";
      const moved = { name: "a", component: "tickets:test:Group", options: { aliases: [urn] } };
      assert.deepEqual(operations(await deployment.update([moved])), ["same a"]);
      const componentOptions = { aliases: [{ type: "tickets:test:Group" }] };
      const parent = { name: "a", component: "tickets:test:Renamed", componentOptions };
      assert.deepEqual(operations(await deployment.update([parent])), ["same a"]);
      const another = { name: "a", component: "tickets:test:Other" };
      assert.deepEqual(operations(await deployment.update([another])), ["create a", "delete a"]);
    });
  });
});
