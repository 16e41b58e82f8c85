import assert from "node:assert/strict";
import { checkedInputs } from "../../../local/pulumi/changes";
import { defaultTagsOf } from "../../../local/pulumi/default-tags";
import type { ResourceHandler } from "../../../local/aws/resource";

const unused = (): Promise<never> => Promise.reject(new Error("Nothing creates a resource here."));

describe("Default tags of a provider", () => {
  const defaultTags = { team: "support", stage: "test" };

  function inputsWith(
    handler: Partial<ResourceHandler>,
    inputs: object,
    tags = defaultTags,
  ): Record<string, unknown> {
    const complete = {
      ...{ updatable: [], replacing: {}, create: unused, read: unused, update: unused, delete: unused },
      ...handler,
    };
    const identity = {
      type: "aws:test/thing:Thing",
      name: "thing",
      region: "eu-west-1",
      physicalName: "thing-0",
    };
    return checkedInputs(complete, { ...identity, inputs, defaultTags: tags }).inputs;
  }

  it("are read from the provider's inputs, as an object or as JSON", () => {
    const tags = { team: "support" };
    assert.deepEqual(defaultTagsOf({ defaultTags: { tags } }), tags);
    assert.deepEqual(defaultTagsOf({ defaultTags: JSON.stringify({ tags }) }), tags);
    for (const absent of [undefined, null, "", {}])
      assert.deepEqual(defaultTagsOf({ defaultTags: absent }), {});
  });

  it("are added to the tags of a resource, whose own tags win", () => {
    const taggable = { updatable: ["tags"] };
    assert.deepEqual(inputsWith(taggable, {}).tagsAll, defaultTags);
    assert.deepEqual(inputsWith(taggable, { tags: null }).tagsAll, defaultTags);
    const tags = { team: "billing", Name: "a" };
    assert.deepEqual(inputsWith(taggable, { tags }), { tags, tagsAll: { stage: "test", ...tags } });
  });

  it("are not added to a type that cannot have tags, or to tags that a preview does not know yet", () => {
    assert.deepEqual(inputsWith({ updatable: ["size"] }, { size: 1 }), { size: 1 });
    assert.equal(inputsWith({ updatable: ["tags"] }, { tags: "unknown" }).tagsAll, undefined);
  });

  it("are refused with more tags than the service accepts", () => {
    const tags = { a: "1", b: "2" };
    assert.throws(
      () => inputsWith({ updatable: ["tags"], maximumTags: 3 }, { tags }),
      /^Error: aws:test\/thing:Thing would have 4 tags, .* AWS accepts at most 3\. Remove tags\.$/,
    );
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, ""]));
    assert.throws(
      () => inputsWith({ updatable: ["tags"] }, { tags: many }, {} as never),
      /would have 51 tags/,
    );
  });
});
