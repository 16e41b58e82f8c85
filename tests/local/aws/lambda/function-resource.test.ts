import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { LambdaFixture } from "./lambda-fixture";
import { startLambda } from "./lambda-fixture";

describe("The resource aws.lambda.Function", () => {
  let fixture: LambdaFixture;
  before(async () => (fixture = await startLambda()));
  after(() => fixture.remove());

  const CODE = "exports.handler = async () => 1;";

  it("has the outputs of the AWS provider", async () => {
    const made = await fixture.deploy(CODE, { name: "api", publish: true });
    const { sourceCodeHash, lastModified, ...outputs } = made.outputs;
    const arn = "arn:aws:lambda:eu-west-1:000000000000:function:api";
    const invoke = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";
    assert.equal(made.id, "api");
    assert.match(sourceCodeHash as string, /^[\w+/]{43}=$/);
    assert.ok(!Number.isNaN(Date.parse(lastModified as string)));
    assert.deepEqual(outputs, {
      arn,
      name: "api",
      invokeArn: `${invoke}/${arn}/invocations`,
      qualifiedArn: `${arn}:1`,
      qualifiedInvokeArn: `${invoke}/${arn}:1/invocations`,
      version: "1",
      sourceCodeSize: CODE.length,
    });
  });

  it("has the same code hash only for equal code", async () => {
    const hash = async (code: string): Promise<unknown> =>
      (await fixture.deploy(code)).outputs.sourceCodeHash;
    assert.equal(await hash(CODE), await hash(CODE));
    assert.notEqual(await hash(CODE), await hash(`${CODE} `));
  });

  it("writes no file after the service is closed, even while the archive is being unpacked", async () => {
    const own = await startLambda();
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`f/${index}/index.js`, new pulumi.asset.StringAsset(CODE)]),
    );
    const unpacking = own.deploy(new pulumi.asset.AssetArchive(files)).catch((error: Error) => error);
    await own.remove();
    await unpacking;
    assert.equal(existsSync(own.directory), false);
    await assert.rejects(own.deploy(CODE), /the local cloud is stopping/);
    assert.equal(existsSync(own.directory), false);
  });

  it("provides region, endpoint and credentials for a poller in its role", async () => {
    const made = await fixture.deploy(CODE, { name: "polled" });
    assert.deepEqual(fixture.lambda.clientConfig(made.outputs.arn as string), {
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:9",
      credentials: {
        accessKeyId: "key of polled",
        secretAccessKey: "secret of eu-west-1",
        sessionToken: "session of arn:aws:iam::000000000000:role/tester",
      },
    });
  });

  it("accepts inputs that have no effect on a function", async () => {
    await fixture.deploy(CODE, {
      architectures: ["arm64"],
      description: "x",
      tags: { a: "b" },
      packageType: "Zip",
    });
  });

  const refused: [string, Record<string, unknown>, RegExp][] = [
    ["another runtime", { runtime: "python3.13" }, /Function bad: runtime must be .* not python3\.13/],
    ["no runtime", { runtime: undefined }, /Function bad: runtime must be/],
    [
      "a handler without an export",
      { handler: "index" },
      /Function bad: handler must be file\.export.* not index/,
    ],
    ["no role", { role: undefined }, /Function bad: role must be the ARN of a role/],
    [
      "too long a timeout",
      { timeout: 901 },
      /Function bad: timeout must be a whole number from 1 to 900, not 901/,
    ],
    [
      "too little memory",
      { memorySize: 64 },
      /Function bad: memorySize must be .* from 128 to 10240, not 64/,
    ],
    ["an image", { packageType: "Image" }, /Function bad: packageType must be Zip, not Image/],
    [
      "another region",
      { region: "us-east-1" },
      /Function bad: region must be the region of its provider, eu-west-1/,
    ],
    ["layers", { layers: ["arn:aws:lambda:eu-west-1:1:layer:x:1"] }, /does not support layers/],
    [
      "a reserved variable",
      { environment: { variables: { AWS_REGION: "x" } } },
      /environment sets AWS_REGION/,
    ],
    [
      "a number as variable",
      { environment: { variables: { TTL: 5 } } },
      /must have a string for TTL, not number/,
    ],
    ["a bad variable name", { environment: { variables: { "a-b": "x" } } }, /has the invalid name a-b/],
    [
      "over 4 KB of variables",
      { environment: { variables: { BIG: "x".repeat(4096) } } },
      /the maximum is 4,096/,
    ],
    ["no code", { code: undefined }, /Function bad: code is missing/],
    [
      "remote code",
      { code: remote() },
      /Function bad: code: lib\/x\.js is remote \(https:\/\/example\.com\/x\.js\)/,
    ],
    ["missing code", { code: absent() }, /code: x\.js refers to \/absent\/x\.js, which does not exist/],
    ["a packed archive", { code: new pulumi.asset.FileArchive(__filename) }, /is a packed archive/],
    ["a file outside its directory", { code: escaping() }, /\.\.\/x\.js is outside/],
  ];
  for (const [what, inputs, message] of refused)
    it(`rejects ${what}`, async () => {
      await assert.rejects(fixture.deploy(CODE, { name: "bad", ...inputs }), message);
    });
});

function remote(): pulumi.asset.Archive {
  const asset = new pulumi.asset.RemoteAsset("https://example.com/x.js");
  return new pulumi.asset.AssetArchive({ lib: new pulumi.asset.AssetArchive({ "x.js": asset }) });
}

function absent(): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive({ "x.js": new pulumi.asset.FileAsset("/absent/x.js") });
}

function escaping(): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive({ "../x.js": new pulumi.asset.StringAsset("") });
}
