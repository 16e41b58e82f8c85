import assert from "node:assert/strict";
import type { StateResource } from "./recorded-state";
import { inStableOrder } from "./state-order";

describe("the order of a recorded state", () => {
  const resources: (StateResource & object)[] = [
    { urn: "urn:d", type: "d" },
    { urn: "urn:c", type: "c", ...{ provider: "urn:d::id", parent: "urn:e" } },
    { urn: "urn:b", type: "b", ...{ dependencies: ["urn:c"] } },
    { urn: "urn:a", type: "a", ...{ propertyDependencies: { name: ["urn:b"] } } },
    { urn: "urn:e", type: "e" },
  ];
  const urns = (ordered: readonly StateResource[]): string[] => ordered.map(({ urn }) => urn);

  it("has each resource after its parent, its provider and its dependencies", () => {
    assert.deepEqual(urns(inStableOrder(resources)), ["urn:d", "urn:e", "urn:c", "urn:b", "urn:a"]);
  });

  it("does not depend on the order in which the engine created them", () => {
    assert.deepEqual(inStableOrder([...resources].reverse()), inStableOrder(resources));
  });
});
