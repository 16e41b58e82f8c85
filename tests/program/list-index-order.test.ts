import assert from "node:assert/strict";
import { LIST_INDEXES_TAG, listIndexesProblem, type TaggedInputs } from "../../regional/list-index-order";

const tagged = (value: string): TaggedInputs => ({ tags: { [LIST_INDEXES_TAG]: value } });

describe("listIndexesProblem", () => {
  const allowed: readonly (readonly [deployed: string | undefined, next: string])[] = [
    [undefined, "adding"],
    ["adding", "reading"],
    ["reading", "sharded"],
    ["reading", "adding"],
    ["sharded", "sharded"],
    ["sharded", "reading"],
    ["adding", "adding"],
  ];
  for (const [deployed, next] of allowed)
    it(`allows ${deployed ?? "a table without the tag"} to ${next}`, () =>
      assert.equal(listIndexesProblem("t", deployed ? tagged(deployed) : {}, tagged(next)), undefined));

  const refused: readonly (readonly [deployed: string | undefined, next: string, fix: string])[] = [
    [undefined, "sharded", "adding"],
    [undefined, "reading", "adding"],
    ["adding", "sharded", "reading"],
    ["unknown", "sharded", "adding"],
  ];
  for (const [deployed, next, fix] of refused)
    it(`refuses ${deployed ?? "a table without the tag"} to ${next}, and names the fix`, () => {
      const inputs = deployed ? tagged(deployed) : { tags: { team: "support" } };
      const problem = listIndexesProblem("ireland-tickets", inputs, tagged(next)) ?? "";
      assert.match(problem, /ireland-tickets .*lose tickets/);
      assert.ok(problem.includes(`pulumi config set listIndexes ${fix}.`), problem);
    });

  const OLD = ["byStatus", "byAssignee"];
  const SHARDED = ["byStatusShard", "byAssigneeShard"];
  for (const [what, names, isAllowed] of [
    ["only the sharded indexes", SHARDED, true],
    ["both kinds of indexes", [...OLD, ...SHARDED], false],
    ["one sharded index", SHARDED.slice(0, 1), false],
    ["only the old indexes", OLD, false],
  ] as const)
    it(`${isAllowed ? "allows" : "refuses"} a table with ${what} that has lost its tag to sharded`, () => {
      const globalSecondaryIndexes = names.map((name) => ({ name }));
      const problem = listIndexesProblem("t", { tags: {}, globalSecondaryIndexes }, tagged("sharded"));
      assert.equal(problem === undefined, isAllowed, problem);
    });
});
