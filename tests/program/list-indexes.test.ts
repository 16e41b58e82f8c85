import assert from "node:assert/strict";
import { drainProgram, resourceNamed } from "../support/mocked-program";

describe("Ticket table whose indexes change", function () {
  this.timeout(120_000);

  for (const [listIndexes, index] of [
    ["adding", "byStatus"],
    ["reading", "byStatusShard"],
  ] as const)
    it(`keeps the older indexes beside the sharded ones, and lists from ${index}, with listIndexes ${listIndexes}`, async () => {
      const program = await drainProgram({
        stack: "ireland",
        config: { "tickets:listIndexes": listIndexes },
      });
      const { inputs, outputs } = resourceNamed(program, "aws:dynamodb/table:Table", "ireland-tickets");
      assert.deepEqual(
        inputs.globalSecondaryIndexes.map(({ name }: { name: string }) => name),
        ["byStatus", "byAssignee", "byStatusShard", "byAssigneeShard"],
      );
      assert.deepEqual(inputs.tags, { "tickets:listIndexes": listIndexes });
      const list = resourceNamed(program, "aws:lambda/function:Function", "ireland-api-list");
      const mode = list.inputs.environment.variables.LIST_INDEXES as unknown;
      assert.equal(mode, listIndexes === "adding" ? "adding" : undefined);
      const policy = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", "ireland-api-list");
      const [query, read] = JSON.parse(policy.inputs.policy).Statement as { Resource: string[] }[];
      // The policy changes before the alias moves, and must permit what the version before reads.
      assert.deepEqual(
        query.Resource,
        ["byStatus", "byAssignee", "byStatusShard", "byAssigneeShard"].map(
          (name) => `${outputs.arn}/index/${name}`,
        ),
      );
      assert.deepEqual(read, { Effect: "Allow", Action: ["dynamodb:BatchGetItem"], Resource: [outputs.arn] });
    });
});
