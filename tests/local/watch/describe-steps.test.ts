import assert from "node:assert/strict";
import type { Step } from "../../../local/pulumi/update";
import { describeSteps } from "../../../local/watch/describe-steps";

function step(operation: Step["operation"], name: string, ...changed: string[]): Step {
  return { operation, type: "aws:lambda/function:Function", name, changed };
}

describe("describeSteps", () => {
  it("names the changed resources with their changed inputs, and each replacement once", () => {
    const steps = [
      step("same", "a"),
      step("update", "b", "code", "timeout"),
      step("create-replacement", "c", "name"),
      step("delete-replaced", "c"),
      step("create", "d"),
      step("delete", "e"),
    ];
    assert.equal(
      describeSteps(steps),
      'created Function "d"; updated Function "b" (code, timeout); replaced Function "c" (name); deleted Function "e"',
    );
  });

  it("counts the resources when there are many", () => {
    assert.equal(
      describeSteps(["a", "b", "c", "d", "e"].map((name) => step("update", name))),
      "updated 5 resources",
    );
  });

  it("says when nothing changed", () => {
    assert.equal(describeSteps([step("same", "a")]), "nothing to change");
  });
});
