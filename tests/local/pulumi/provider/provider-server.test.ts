import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ProviderClient, THING, URN } from "./provider-client";
import { useProvider } from "./use-provider";

const { specialSigKey, specialAssetSig, specialSecretSig, unknownValue } = pulumi.runtime;

describe("ProviderServer", () => {
  const provider = useProvider();

  describe("Configure", () => {
    it("determines the region of each connection", async () => {
      const other = new ProviderClient(provider.debugProviders);
      await other.configure({ region: "ap-southeast-1" });
      await provider.client.create({ name: "one" });
      await other.create({ name: "two" });
      other.close();
      assert.deepEqual(
        provider.operations.map(({ region }) => region),
        ["eu-west-1", "ap-southeast-1"],
      );
    });

    it("determines the default tags of each connection, which are part of the resources", async () => {
      const configure = (tags: object): Promise<void> =>
        provider.client.configure({ region: "eu-west-1", defaultTags: JSON.stringify({ tags }) });
      await configure({ team: "support" });
      const { inputs } = await provider.client.check({ name: "one", tags: { a: "b" } });
      assert.deepEqual(inputs.tagsAll, { team: "support", a: "b" });
      await configure({ team: "billing" });
      const { inputs: news } = await provider.client.check(
        { name: "one", tags: { a: "b" } },
        { olds: inputs },
      );
      assert.deepEqual(news.tagsAll, { team: "billing", a: "b" });
      const diff = await provider.client.diff(inputs, news);
      assert.deepEqual([diff.getDiffsList(), diff.getReplacesList()], [["tagsAll"], []]);
    });

    it("unwraps a secret region", async () => {
      await provider.client.configure({
        region: { [specialSigKey]: specialSecretSig, value: "eu-north-1" },
      });
      await provider.client.create({ name: "one" });
      assert.equal(provider.operations[0].region, "eu-north-1");
    });

    it("rejects a provider without a region", async () => {
      await assert.rejects(provider.client.configure({}), /The provider ireland has no region/);
    });

    it("rejects a provider whose STS is unreachable, in its own region or in stsRegion", async () => {
      provider.unreachable.add("eu-west-1");
      await assert.rejects(provider.client.configure({ region: "eu-west-1" }), /eu-west-1 is down/);
      await provider.client.configure({ region: "eu-west-1", stsRegion: "us-east-1" });
      await assert.rejects(
        provider.client.configure({ region: "us-east-1", stsRegion: "eu-west-1" }),
        /eu-west-1 is down/,
      );
    });

    it("accepts a provider of awsx, which has no region", async () => {
      const awsx = new ProviderClient(provider.debugProviders, "awsx");
      await awsx.configure({});
      awsx.close();
    });

    it("is required again on a new connection", async () => {
      const other = new ProviderClient(provider.debugProviders);
      await assert.rejects(
        other.create({ name: "one" }),
        /aws:test\/thing:Thing "thing": the connection .* was interrupted.* Run the command again\./,
      );
      other.close();
    });

    it("is required again after a handshake", async () => {
      await provider.client.handshake();
      await assert.rejects(provider.client.create({ name: "one" }), /Run the command again/);
    });
  });

  describe("Handshake", () => {
    it("asks for plain values of resources and for the secrets of components", async () => {
      const awsx = new ProviderClient(provider.debugProviders, "awsx");
      assert.equal((await provider.client.handshake()).acceptSecrets, false);
      assert.equal((await awsx.handshake()).acceptSecrets, true);
      awsx.close();
    });
  });

  describe("DiffConfig", () => {
    it("replaces a provider whose region changes", async () => {
      const diff = await provider.client.diffConfig({ region: "eu-west-1" }, { region: "eu-north-1" });
      assert.deepEqual(diff.getReplacesList(), ["region"]);
    });

    it("updates a provider for another change", async () => {
      const diff = await provider.client.diffConfig(
        { region: "eu-west-1" },
        { region: "eu-west-1", maxRetries: 3 },
      );
      assert.equal(diff.getChanges(), DiffResponse.DiffChanges.DIFF_SOME);
      assert.deepEqual(diff.getReplacesList(), []);
    });

    it("reports no change of equal arguments", async () => {
      const diff = await provider.client.diffConfig({ region: "eu-west-1" }, { region: "eu-west-1" });
      assert.equal(diff.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
    });
  });

  describe("Check", () => {
    it("generates a missing name from the engine's seed", async () => {
      const seed = Uint8Array.of(0xab, 0xcd, 0xef, 0x01);
      const { inputs } = await provider.client.check({ size: 1 }, { seed });
      assert.deepEqual(inputs, { size: 1, name: "thing-abcdef0", __defaults: ["name"] });
    });

    it("keeps a generated name", async () => {
      const olds = { name: "thing-1234567", __defaults: ["name"] };
      const { inputs } = await provider.client.check({ size: 2 }, { olds });
      assert.deepEqual(inputs, { size: 2, name: "thing-1234567", __defaults: ["name"] });
    });

    it("generates a name when the program drops its own", async () => {
      const { inputs } = await provider.client.check({}, { olds: { name: "mine" } });
      assert.equal(inputs.name, "thing-0000000");
    });

    it("reports an input that the handler does not list, with type and input", async () => {
      const { failures } = await provider.client.check({ color: "red" });
      assert.deepEqual(failures, [
        {
          property: "color",
          reason: `The local cloud does not support color of ${THING}. Leave it out, or deploy to AWS.`,
        },
      ]);
    });

    it("reports a generated name that is too long", async () => {
      const { failures } = await provider.client.check(
        {},
        { urn: URN.replace(/thing$/, "a-very-long-logical-name") },
      );
      assert.equal(failures[0].property, "name");
      assert.match(failures[0].reason, /longer than maximum length 20/);
    });

    it("rejects a resource type that is not emulated", async () => {
      const urn = "urn:pulumi:ireland::tickets::aws:ec2/vpc:Vpc::network";
      await assert.rejects(
        provider.client.check({}, { urn }),
        /does not emulate the resource type aws:ec2\/vpc:Vpc; see docs\/local-cloud\.md/,
      );
    });

    it("keeps unknown values and the hashes of assets", async () => {
      const content = { [specialSigKey]: specialAssetSig, hash: "1a2b", text: "hello" };
      const { inputs } = await provider.client.check({ name: "one", zone: unknownValue, content });
      assert.deepEqual(inputs, { name: "one", zone: unknownValue, content });
    });
  });

  describe("Invoke", () => {
    it("fails with the name of the function", async () => {
      await assert.rejects(
        provider.client.invoke("aws:index/getCallerIdentity:getCallerIdentity"),
        /The program calls aws:index\/getCallerIdentity:getCallerIdentity, which the local cloud does not emulate\./,
      );
    });
  });
});
