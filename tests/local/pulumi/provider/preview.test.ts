import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { useProvider } from "./use-provider";

describe("A preview of an update", () => {
  const provider = useProvider();

  it("predicts no value for an output that the update computes anew", async () => {
    const inputs = { name: "one", labels: ["a"] };
    const { id, outputs } = await provider.client.create(inputs);
    const arnAfter = async (changes: object): Promise<unknown> => {
      const stored = { id, inputs, outputs };
      return (await provider.client.update(stored, { ...inputs, ...changes }, { preview: true })).arn;
    };
    assert.equal(await arnAfter({ size: 3 }), "arn of one");
    assert.equal(await arnAfter({ labels: ["b"] }), runtime.unknownValue);
  });
});
