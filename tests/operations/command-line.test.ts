import assert from "node:assert/strict";
import { withChoice } from "../../operations/command-line";

describe("A command that another one names", () => {
  it("says which system is meant, as it was said to that one", () => {
    const text = "Watch it: npm run status -- --watch. Return with: npm run failback.";
    assert.equal(
      withChoice(text, { stack: "ireland" }),
      "Watch it: npm run status -- --stack ireland --watch. Return with: npm run failback -- --stack ireland.",
    );
    assert.equal(
      withChoice("npm run redrive", { stack: "ireland", outputs: "saved.json" }),
      "npm run redrive -- --stack ireland --outputs saved.json",
    );
    assert.equal(
      withChoice("npm run redrive", { local: "http://localhost:4700" }),
      "npm run redrive -- --local",
    );
    assert.equal(
      withChoice("npm run redrive", { local: "http://localhost:1" }),
      "npm run redrive -- --local=http://localhost:1",
    );
  });
});
