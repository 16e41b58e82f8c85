import assert from "node:assert/strict";
import { REGION_STATES } from "../../../local/aws/region-state";
import { isReversible } from "../../../operations/drill/scenario";
import { SCENARIOS } from "../../../operations/drill/scenarios";

describe("SCENARIOS", () => {
  it("contains the required scenarios, with unique names", () => {
    const names = SCENARIOS.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const wanted of [
      "region-down",
      "api-down",
      "database-throttled",
      "health-lies",
      "replication-cut-then-region-down",
      "both-down",
      "flapping",
      "slow-region",
    ])
      assert.ok(names.includes(wanted), wanted);
  });

  for (const scenario of SCENARIOS)
    it(`expects no loss, ends on the primary and repairs every fault in ${scenario.name}`, () => {
      const kinds = scenario.expects.map(({ kind }) => kind);
      assert.ok(kinds.includes("nothing-lost") && kinds.includes("ends-on-primary"));
      const broken = new Set<string>();
      for (const step of scenario.steps) {
        if (step.do === "break") broken.add(step.role);
        if (step.do === "repair") assert.ok(broken.delete(step.role), "repairs only what is broken");
        if ("state" in step) assert.ok(REGION_STATES.includes(step.state));
      }
      assert.deepEqual([...broken], []);
    });

  it("contains two reversible scenarios for AWS", () => {
    const names = SCENARIOS.filter(isReversible).map(({ name }) => name);
    assert.deepEqual(names, ["takeover", "replication-paused-then-takeover"]);
  });
});
