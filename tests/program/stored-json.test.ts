import { jsonLines } from "./stored-names/json-names";
import { expectSnapshot } from "./stored-names/snapshot";

/** Snapshot of the types of JSON; `stored-names.test.ts` explains how to change a name on purpose. */
describe("JSON of the commands", function () {
  this.timeout(120_000);

  it("keeps its members", () => {
    expectSnapshot("json", jsonLines(), "Scripts of operators and files of earlier runs have the old names.");
  });
});
