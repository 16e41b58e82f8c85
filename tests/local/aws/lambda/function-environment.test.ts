import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Invocation } from "../../../../local/aws/lambda/lambda";
import { LocalLambda } from "../../../../local/aws/lambda/lambda";
import { waitFor } from "../../../support/wait-for";
import type { LambdaFixture } from "./lambda-fixture";
import { errorOf, PROJECT, startLambda } from "./lambda-fixture";

describe("The environment of a local Lambda function", () => {
  let fixture: LambdaFixture;
  before(async () => (fixture = await startLambda()));
  after(() => fixture.remove());

  const run = async (
    code: string | pulumi.asset.Archive,
    inputs?: Record<string, unknown>,
  ): Promise<Invocation> =>
    fixture.lambda.invoke((await fixture.deploy(code, inputs)).outputs.arn as string, {});

  it("contains Lambda's variables and the function's own, and none of this process", async () => {
    process.env.LOCAL_LAMBDA_TEST_LEAK = "leaked";
    const result = await run(
      "exports.handler = async () => ({ env: process.env, cwd: process.cwd(), argv: process.execArgv });",
      {
        name: "clean",
        memorySize: 200,
        environment: { variables: { TABLE_NAME: "tickets" } },
      },
    ).finally(() => delete process.env.LOCAL_LAMBDA_TEST_LEAK);
    assert.ok("payload" in result);
    const { env, cwd, argv } = result.payload as { env: Record<string, string>; cwd: string; argv: string[] };
    const { AWS_LAMBDA_LOG_STREAM_NAME, AWS_LAMBDA_RUNTIME_API, PATH, _X_AMZN_TRACE_ID, ...rest } = env;
    assert.match(AWS_LAMBDA_LOG_STREAM_NAME, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]\d+$/);
    assert.match(AWS_LAMBDA_RUNTIME_API, /^127\.0\.0\.1:\d+$/);
    assert.match(_X_AMZN_TRACE_ID, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    assert.ok(PATH.includes("/usr/bin"));
    const taskRoot = join(fixture.directory, "eu-west-1", "clean-1");
    const runtime = join(fixture.directory, "runtime");
    assert.deepEqual(rest, {
      AWS_ACCESS_KEY_ID: "key of clean",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "200",
      AWS_LAMBDA_FUNCTION_NAME: "clean",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/clean",
      AWS_REGION: "eu-west-1",
      AWS_SECRET_ACCESS_KEY: "secret of eu-west-1",
      AWS_SESSION_TOKEN: "session of arn:aws:iam::000000000000:role/tester",
      LAMBDA_RUNTIME_DIR: runtime,
      LAMBDA_TASK_ROOT: taskRoot,
      LANG: "en_US.UTF-8",
      NODE_PATH: join(runtime, "node_modules"),
      TABLE_NAME: "tickets",
      TZ: ":UTC",
      _HANDLER: "index.handler",
    });
    assert.equal(cwd, taskRoot);
    assert.deepEqual(argv, ["--max-old-space-size=180", "--max-semi-space-size=2"]);
  });

  it("has an empty home directory, so that the SDK reads no settings of the user", async () => {
    const result = await run(
      "exports.handler = async () => ({ home: require('node:os').homedir(), exists: require('node:fs').existsSync(require('node:os').homedir()) });",
    );
    assert.ok("payload" in result);
    assert.deepEqual(result.payload, { home: "/home/sbx_user1051", exists: false });
  });

  it("provides the AWS SDK", async () => {
    const { id, outputs } = await fixture.deploy(
      `const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
       exports.handler = async () => {
         const region = await new DynamoDBClient({}).config.region();
         await new Promise((written) => process.stderr.write("made a client\\n", written));
         return region;
       };`,
      { timeout: 20, memorySize: 256 },
    );
    assert.deepEqual(await fixture.lambda.invoke(outputs.arn as string, {}), { payload: "eu-west-1" });
    const lines = (): string[] => fixture.logged.filter((line) => line.includes(id));
    await waitFor(() => lines().length > 0, { what: "the function's line" });
    assert.deepEqual(lines(), [`ireland ${id}: made a client`]);
  });

  it("provides no package of the project that is not in the archive", async () => {
    for (const name of ["ulid", "@pulumi/pulumi", "@aws/lambda-invoke-store"]) {
      const result = await run(`require("${name}"); exports.handler = async () => 1;`);
      assert.ok("functionError" in result, `${name} was found`);
      assert.equal(result.functionError.errorType, "Runtime.ImportModuleError");
      assert.ok(result.functionError.errorMessage.startsWith(`Error: Cannot find module '${name}'`));
    }
  });

  it("provides a package that the archive contains as a directory, with its files", async () => {
    const source = await mkdtemp(join(tmpdir(), "package-"));
    await mkdir(join(source, "lib"));
    await writeFile(join(source, "package.json"), JSON.stringify({ name: "greeter", main: "lib/greet.js" }));
    await writeFile(join(source, "lib/greet.js"), "module.exports = (name) => `Hello ${name}`;");
    await writeFile(join(source, "name.txt"), "Nora");
    const archive = new pulumi.asset.AssetArchive({
      "src/index.js": new pulumi.asset.StringAsset(
        `const name = require("fs").readFileSync(__dirname + "/../data/name.txt", "utf8");
         exports.api = { handler: async () => require("greeter")(name) };`,
      ),
      "data/name.txt": new pulumi.asset.FileAsset(join(source, "name.txt")),
      node_modules: new pulumi.asset.AssetArchive({ greeter: new pulumi.asset.FileArchive(source) }),
    });
    const made = await fixture.deploy(archive, { handler: "src/index.api.handler" });
    await rm(source, { recursive: true });
    assert.deepEqual(await fixture.lambda.invoke(made.outputs.arn as string, {}), { payload: "Hello Nora" });
  });

  it("supports an archive of a directory with an ES module", async () => {
    const source = await mkdtemp(join(tmpdir(), "module-"));
    await writeFile(
      join(source, "index.mjs"),
      "export const handler = async () => import.meta.url.slice(-9);",
    );
    const result = await run(new pulumi.asset.FileArchive(source));
    await rm(source, { recursive: true });
    assert.deepEqual(result, { payload: "index.mjs" });
  });

  it("reports an initialization error on every invocation", async () => {
    const made = await fixture.deploy(`throw new Error("TABLE_NAME is not set");`);
    for (let round = 0; round < 2; round++)
      assert.deepEqual(errorOf(await fixture.lambda.invoke(made.outputs.arn as string, {})), {
        errorType: "Error",
        errorMessage: "TABLE_NAME is not set",
      });
    const cases = {
      "exports.handle = 1;": "Runtime.HandlerNotFound",
      "exports.handler = 1;": "Runtime.HandlerNotFound",
      "exports.handler = async () => {": "Runtime.UserCodeSyntaxError",
      "process.exit(4);": "Runtime.ExitError",
    };
    for (const [code, errorType] of Object.entries(cases)) {
      const result = await run(code);
      assert.equal("functionError" in result && result.functionError.errorType, errorType, code);
    }
  });

  it("rejects a directory inside the project", async () => {
    const options = { ...({} as Parameters<typeof LocalLambda.start>[0]), projectDirectory: PROJECT };
    await assert.rejects(
      LocalLambda.start({ ...options, directory: join(PROJECT, "local") }),
      /is inside the project, so they would find its packages\. Use a directory outside/,
    );
  });
});
