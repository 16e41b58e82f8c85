import assert from "node:assert/strict";
import { resourceNameOf, type EngineRun } from "../../../local/pulumi/engine/engine-run";
import { drainProgram } from "../../support/mocked-program";
import type { StackUnderTest } from "../support/engine-cloud";
import { assertChanges } from "../support/transition";

/**
 * Rows of a new stack.
 * @param config configuration of the stack by full key.
 */
export function firstDeploymentRows(
  stack: () => StackUnderTest,
  config: Readonly<Record<string, string | undefined>>,
): void {
  describe("the first deployment", () => {
    let first: EngineRun;

    it("creates every resource of the program", async () => {
      first = await stack().up();
      const { resources } = await drainProgram({ stack: "ireland", config });
      const declared = resources.map(({ urn }) => resourceNameOf(urn));
      assertChanges(first, { created: ["pulumi:pulumi:Stack tickets-ireland", ...declared] });
    });

    it("creates a resource after those that it depends on", async () => {
      const order = new Map(first.operations.map(({ urn }, index) => [urn, index]));
      const { resources = [] } = await stack().state();
      const tooEarly = resources.flatMap(({ urn, dependencies = [] }) =>
        dependencies
          .filter((other) => order.get(other)! > order.get(urn)!)
          .map((other) => `${urn} before ${other}`),
      );
      assert.deepEqual(tooEarly, []);
      assert.ok(resources.some(({ dependencies = [] }) => dependencies.length > 0));
    });

    it("is complete: a second up changes nothing", async () => {
      const second = await stack().up();
      assertChanges(second, {});
      assert.deepEqual(second.same, first.created);
      assert.deepEqual([...new Set(second.operations.map(({ operation }) => operation))], ["same"]);
    });

    it("is what the services report: a refresh finds no difference", async () => {
      const refresh = await stack().refresh();
      assertChanges(refresh, {});
      const { resources = [] } = await stack().state();
      const custom = resources.filter(
        ({ custom: isCustom, type }) => isCustom && !type.startsWith("pulumi:"),
      );
      assert.ok(refresh.operations.length >= custom.length, "The refresh must read every resource.");
    });
  });
}
