import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { useProvider } from "./use-provider";

const { specialSigKey, specialAssetSig, unknownValue } = pulumi.runtime;

describe("ResourceOperations", () => {
  const provider = useProvider();

  describe("Diff", () => {
    it("reports no change of equal inputs", async () => {
      const diff = await provider.client.diff({ name: "one", labels: ["a"] }, { name: "one", labels: ["a"] });
      assert.equal(diff.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
      assert.equal(diff.getDetaileddiffMap().getLength(), 0);
    });

    it("reports each changed value by its path", async () => {
      const diff = await provider.client.diff(
        { name: "one", labels: ["a", "b"], settings: { "log.level": "info", old: 1 } },
        { name: "one", labels: ["a", "c"], settings: { "log.level": "warn", new: 2 } },
      );
      const { ADD, DELETE, UPDATE } = PropertyDiff.Kind;
      assert.deepEqual(diff.getReplacesList(), []);
      assert.deepEqual(detailsOf(diff), {
        "labels[1]": UPDATE,
        'settings["log.level"]': UPDATE,
        "settings.new": ADD,
        "settings.old": DELETE,
      });
    });

    it("reports no difference of an empty list and an absent one inside a changed value", async () => {
      const diff = await provider.client.diff(
        { name: "one", settings: { list: [], size: 1 } },
        { name: "one", settings: { size: 2 } },
      );
      assert.deepEqual(detailsOf(diff), { "settings.size": PropertyDiff.Kind.UPDATE });
    });

    it("reports no change of the order of an unordered list, and other changes by the new position", async () => {
      const previous = { name: "one", tags: [{ key: "a" }, { key: "b" }, { key: "c" }] };
      const same = await provider.client.diff(previous, {
        name: "one",
        tags: [{ key: "c" }, { key: "a" }, { key: "b" }],
      });
      assert.equal(same.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
      const other = await provider.client.diff(previous, {
        name: "one",
        tags: [{ key: "c" }, { key: "new" }, { key: "b" }],
      });
      assert.deepEqual(detailsOf(other), { "tags[1].key": PropertyDiff.Kind.UPDATE });
    });

    it("reports the inputs that replace the resource", async () => {
      const diff = await provider.client.diff(
        { name: "one", zone: "a", size: 1 },
        { name: "one", zone: "b", size: 2 },
      );
      assert.deepEqual(diff.getReplacesList(), ["zone"]);
      assert.deepEqual(detailsOf(diff), {
        size: PropertyDiff.Kind.UPDATE,
        zone: PropertyDiff.Kind.UPDATE_REPLACE,
      });
    });

    it("deletes first when both resources would have the same name", async () => {
      const explicit = await provider.client.diff({ name: "one", zone: "a" }, { name: "one", zone: "b" });
      assert.equal(explicit.getDeletebeforereplace(), true);
      const generated = await provider.client.diff(
        { name: "one", zone: "a", __defaults: ["name"] },
        { name: "one", zone: "b", __defaults: ["name"] },
      );
      assert.equal(generated.getDeletebeforereplace(), false);
    });

    it("takes an unknown input as changed", async () => {
      const diff = await provider.client.diff(
        { name: "one", zone: "a" },
        { name: "one", zone: unknownValue },
      );
      assert.deepEqual(diff.getReplacesList(), ["zone"]);
    });

    it("applies rules between inputs to known values only", async () => {
      const shrunk = await provider.client.diff({ name: "one", size: 2 }, { name: "one", size: 1 });
      assert.deepEqual(shrunk.getReplacesList(), ["size"]);
      const unknown = await provider.client.diff(
        { name: "one", size: 2 },
        { name: "one", size: unknownValue },
      );
      assert.deepEqual(unknown.getReplacesList(), []);
      assert.deepEqual(unknown.getDiffsList(), ["size"]);
    });

    it("compares assets by hash, also when their content is left out", async () => {
      const asset = (hash: string): object => ({ [specialSigKey]: specialAssetSig, hash });
      const same = await provider.client.diff({ content: asset("1a") }, { content: asset("1a") });
      assert.equal(same.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
      const other = await provider.client.diff({ content: asset("1a") }, { content: asset("2b") });
      assert.deepEqual(detailsOf(other), { content: PropertyDiff.Kind.UPDATE });
    });
  });

  describe("Create", () => {
    it("creates the resource and returns inputs and outputs", async () => {
      const { id, outputs } = await provider.client.create({ name: "one", __defaults: ["name"] });
      assert.match(id, /^id of thing-[0-9a-f]{7}$/);
      assert.deepEqual(outputs, { name: "one", arn: "arn of one" });
      assert.deepEqual(provider.existing.get(id)?.inputs, { name: "one" });
    });

    it("passes a different physical name for each resource", async () => {
      const [one, two] = [
        await provider.client.create({ name: "one" }),
        await provider.client.create({ name: "one" }),
      ];
      assert.notEqual(one.id, two.id);
    });

    it("creates nothing in a preview and predicts that objects may get computed fields", async () => {
      const inputs = { name: "one", labels: ["a"], settings: { a: 1 } };
      assert.deepEqual(await provider.client.create(inputs, { preview: true }), {
        id: "",
        outputs: { name: "one", labels: ["a"], settings: unknownValue },
      });
      assert.equal(provider.existing.size, 0);
      assert.deepEqual(provider.operations, []);
    });

    it("fails with the message of the handler or of the function called before", async () => {
      provider.before = ({ type, name, kind }) => {
        throw new Error(`${kind} of ${type} ${name} is refused`);
      };
      await assert.rejects(
        provider.client.create({ name: "one" }),
        /create of aws:test\/thing:Thing thing is refused/,
      );
      assert.equal(provider.existing.size, 0);
    });
  });

  describe("Read", () => {
    it("returns inputs and outputs as they are now and keeps the mark of a generated name", async () => {
      const { id } = await provider.client.create({ name: "one" });
      provider.existing.set(id, { ...provider.existing.get(id)!, inputs: { name: "one", size: 7 } });
      assert.deepEqual(await provider.client.read(id, { inputs: { name: "one", __defaults: ["name"] } }), {
        id,
        inputs: { name: "one", size: 7, __defaults: ["name"] },
        outputs: { name: "one", size: 7, arn: "arn of one" },
      });
    });

    it("returns an unordered list in the order of the engine's inputs and outputs", async () => {
      const { id } = await provider.client.create({ name: "one", tags: ["a", "b", "c"] });
      const now = await provider.client.read(id, {
        inputs: { name: "one", tags: ["c", "b", "a"] },
        outputs: { name: "one", tags: ["b", "a", "c"] },
      });
      assert.deepEqual(
        [now.inputs.tags, now.outputs.tags],
        [
          ["c", "b", "a"],
          ["b", "a", "c"],
        ],
      );
    });

    it("returns a resource by its id alone, as an import does", async () => {
      const { id } = await provider.client.create({ name: "one" });
      assert.deepEqual((await provider.client.read(id)).inputs, { name: "one" });
    });

    it("returns an empty id for a resource that no longer exists", async () => {
      assert.equal((await provider.client.read("gone")).id, "");
    });

    it("returns an asset with the content and hash that the engine sent", async () => {
      const content = { [specialSigKey]: specialAssetSig, hash: "1a2b", text: "hello" };
      const { id } = await provider.client.create({ name: "one", content });
      assert.deepEqual((await provider.client.read(id)).inputs.content, content);
    });

    it("returns a text that replaced the content of an asset", async () => {
      const { id } = await provider.client.create({ name: "one" });
      const inputs = { name: "one", content: new pulumi.asset.StringAsset("other") };
      provider.existing.set(id, { ...provider.existing.get(id)!, inputs });
      assert.deepEqual((await provider.client.read(id)).inputs.content, {
        [specialSigKey]: specialAssetSig,
        hash: createHash("sha256").update("other").digest("hex"),
        text: "other",
      });
    });
  });

  describe("Update", () => {
    it("updates the resource and returns inputs and outputs", async () => {
      const { id, outputs } = await provider.client.create({ name: "one" });
      const updated = await provider.client.update(
        { id, inputs: { name: "one" }, outputs },
        { name: "one", size: 3 },
      );
      assert.deepEqual(updated, { name: "one", size: 3, arn: "arn of one", updated: true });
      assert.deepEqual(provider.existing.get(id)?.inputs, { name: "one", size: 3 });
      assert.deepEqual(
        provider.operations.map(({ kind }) => kind),
        ["create", "update"],
      );
    });

    it("updates nothing in a preview and predicts that other outputs stay", async () => {
      const { id, outputs } = await provider.client.create({ name: "one", settings: { a: 1 } });
      const stored = { id, inputs: { name: "one", settings: { a: 1 } }, outputs };
      const predicted = await provider.client.update(
        stored,
        { name: "one", size: 3, settings: { a: 2 } },
        { preview: true },
      );
      assert.deepEqual(predicted, { name: "one", size: 3, settings: unknownValue, arn: "arn of one" });
      assert.equal(provider.existing.get(id)?.inputs.size, undefined);
    });

    it("drops the output of an input that the program drops in a preview", async () => {
      const { id, outputs } = await provider.client.create({ name: "one", size: 3 });
      const stored = { id, inputs: { name: "one", size: 3 }, outputs };
      assert.deepEqual(await provider.client.update(stored, { name: "one" }, { preview: true }), {
        name: "one",
        arn: "arn of one",
      });
    });
  });

  describe("Delete", () => {
    it("deletes the resource", async () => {
      const { id, outputs } = await provider.client.create({ name: "one" });
      await provider.client.delete(id, { inputs: { name: "one" }, outputs });
      assert.equal(provider.existing.size, 0);
      assert.equal(provider.operations[1].kind, "delete");
    });
  });
});

function detailsOf(diff: DiffResponse): Record<string, PropertyDiff.Kind> {
  const details = diff.getDetaileddiffMap().entries();
  return Object.fromEntries([...details].map(([path, change]) => [path, change.getKind()]));
}
