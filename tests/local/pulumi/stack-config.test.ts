import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atSpeed, configuredRegions, stackConfig, stackNames } from "../../../local/pulumi/stack-config";

const PROJECT = join(__dirname, "..", "..", "..");

describe("stackConfig", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stack-config-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(project: string, stack: string): void {
    writeFileSync(join(directory, "Pulumi.yaml"), project);
    writeFileSync(join(directory, "Pulumi.test.yaml"), stack);
  }

  it("merges the project's defaults, the stack's values and the overrides, in that order", () => {
    write(
      "name: shop\nconfig:\n  a: {type: string, default: project}\n  b: {type: string, default: project}\n" +
        "  c: {type: string, default: project}\n  aws:region: {value: eu-west-1}\n  plain: text\n",
      "config:\n  shop:b: stack\n  shop:c: stack\n",
    );
    assert.deepEqual(stackConfig(directory, "test", { "shop:c": "override", "shop:d": "new" }), {
      "shop:a": "project",
      "shop:b": "stack",
      "shop:c": "override",
      "shop:d": "new",
      "aws:region": "eu-west-1",
      "shop:plain": "text",
    });
  });

  it("accepts a qualified stack name and rejects a path outside the project's folder", () => {
    write("name: tickets\nconfig: {}\n", "config: {'tickets:a': b}\n");
    assert.deepEqual(stackConfig(directory, "acme/tickets/test", {}), { "tickets:a": "b" });
    for (const name of ["../test", "x/../../test", "acme/shop/test"])
      assert.throws(() => stackConfig(directory, name, {}), /not a stack name|another|project is tickets/);
    writeFileSync(join(directory, "Pulumi.my.stack.yaml"), "");
    assert.deepEqual(stackNames(directory).sort(), ["my.stack", "test"]);
  });

  it("returns lists, numbers and booleans as JSON text, as the engine does", () => {
    write(
      "name: shop\nconfig:\n  list: {default: [{name: a}]}\n  number: {default: 0}\n  flag: {default: false}\n",
      "",
    );
    assert.deepEqual(stackConfig(directory, "test", {}), {
      "shop:list": '[{"name":"a"}]',
      "shop:number": "0",
      "shop:flag": "false",
    });
  });

  it("omits a key that an override removes or that has no value", () => {
    write(
      "name: shop\nconfig:\n  gone: {default: here}\n  bare: {type: string}\n",
      "config:\n  shop:gone: here\n",
    );
    assert.deepEqual(stackConfig(directory, "test", { "shop:gone": undefined }), {});
  });

  it("rejects a stack without a file and lists the stacks", () => {
    write("name: shop\n", "");
    assert.throws(() => stackConfig(directory, "prod", {}), {
      message: 'There is no stack "prod"; the stacks are test.',
    });
  });

  it("rejects an encrypted value and names its key", () => {
    write("name: shop\n", "config:\n  shop:password: {secure: abc}\n");
    assert.throws(() => stackConfig(directory, "test", {}), /^Error: shop:password is encrypted/);
  });

  it("rejects a file that is not YAML and names it", () => {
    write("name: shop\n", "config: [");
    assert.throws(() => stackConfig(directory, "test", {}), /Pulumi\.test\.yaml cannot be read: /);
  });

  it("returns configurations that differ only in the primary for this project's stacks with a domain", () => {
    const [ireland, singapore] = ["ireland", "singapore"].map((stack) =>
      stackConfig(PROJECT, stack, { "tickets:domainName": "tickets.test" }),
    );
    assert.equal(ireland["tickets:primary"], "ireland");
    assert.equal(singapore["tickets:primary"], "singapore");
    assert.deepEqual({ ...ireland, "tickets:primary": "singapore" }, singapore);
    assert.deepEqual(stackNames(PROJECT).sort(), ["ireland", "singapore"]);
  });
});

describe("atSpeed", () => {
  it("divides only takeoverAfterSeconds by the speed, to whole seconds and not below three", () => {
    const config = { "tickets:takeoverAfterSeconds": "30", "tickets:logRetentionDays": "30" };
    const secondsAt = (speed: number): string => atSpeed(config, speed)["tickets:takeoverAfterSeconds"];
    assert.deepEqual([1, 2.5, 5, 100].map(secondsAt), ["30", "12", "6", "3"]);
    assert.deepEqual(atSpeed(config, 10), { ...config, "tickets:takeoverAfterSeconds": "3" });
    assert.deepEqual(atSpeed({ "tickets:takeoverAfterSeconds": "2" }, 10), {
      "tickets:takeoverAfterSeconds": "2",
    });
    assert.deepEqual(atSpeed({ "tickets:takeoverAfterSeconds": "soon" }, 10), {
      "tickets:takeoverAfterSeconds": "soon",
    });
  });
});

describe("configuredRegions", () => {
  it("parses the JSON of the key", () => {
    const regions = [{ name: "ireland", code: "eu-west-1" }];
    assert.deepEqual(configuredRegions({ "tickets:regions": JSON.stringify(regions) }), regions);
  });

  for (const text of [undefined, "ireland", "[]", '["ireland"]', "[null]", '[{"name":"ireland"}]', "{}"])
    it(`rejects regions that are ${text ?? "missing"}`, () => {
      const config: Record<string, string> = text === undefined ? {} : { "tickets:regions": text };
      assert.throws(() => configuredRegions(config), {
        message: `tickets:regions is ${text ?? "missing"}, but must be a list of regions {"name", "code"}.`,
      });
    });
});
