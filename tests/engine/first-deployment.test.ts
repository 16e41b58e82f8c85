import assert from "node:assert/strict";
import { resourceNameOf, type EngineRun } from "../../local/pulumi/engine/engine-run";
import { drainProgram } from "../support/mocked-program";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";

for (const domain of [undefined, "tickets.test"])
  describeWithEngine(`the life of a stack ${domain ? "with" : "without"} a domain`, () => {
    const config = { "tickets:domainName": domain };
    const cloud = useEngineCloud();
    let stack: StackUnderTest;
    let first: EngineRun;

    before(async () => {
      stack = await cloud().openStack("ireland", { config });
    });

    it("begins with an up that creates every resource of the program", async () => {
      first = await stack.up();
      const { resources } = await drainProgram({ stack: "ireland", config });
      const declared = resources.map(({ urn }) => resourceNameOf(urn));
      assert.deepEqual(first.created, ["pulumi:pulumi:Stack tickets-ireland", ...declared].sort());
      assert.deepEqual([first.updated, first.replaced, first.deleted], [[], [], []]);
      assert.deepEqual(first.warnings, []);
    });

    it("creates a resource after those that it depends on", async () => {
      const order = new Map(first.operations.map(({ urn }, index) => [urn, index]));
      const { resources = [] } = await stack.state();
      const tooEarly = resources.flatMap(({ urn, dependencies = [] }) =>
        dependencies
          .filter((other) => order.get(other)! > order.get(urn)!)
          .map((other) => `${urn} before ${other}`),
      );
      assert.deepEqual(tooEarly, []);
      assert.ok(resources.some(({ dependencies = [] }) => dependencies.length > 0));
    });

    it("changes nothing in the second up", async () => {
      const second = await stack.up();
      assert.deepEqual(second.same, first.created);
      assert.deepEqual([...new Set(second.operations.map(({ operation }) => operation))], ["same"]);
      assert.deepEqual(second.warnings, []);
    });

    it("finds no difference in a refresh", async () => {
      const refresh = await stack.refresh();
      assert.deepEqual([refresh.created, refresh.updated, refresh.deleted], [[], [], []]);
      assert.ok(refresh.operations.length > 0);
      assert.deepEqual(refresh.warnings, []);
      const preview = await stack.preview();
      assert.deepEqual(preview.same, first.created);
    });

    it("ends with a destroy that deletes everything once protection is off", async () => {
      await stack.up({ config: { "tickets:protectData": "false" } });
      const destroy = await stack.destroy();
      assert.deepEqual(destroy.deleted, first.created);
      assert.deepEqual(destroy.warnings, []);
      assert.deepEqual((await stack.state()).resources ?? [], []);
    });
  });
