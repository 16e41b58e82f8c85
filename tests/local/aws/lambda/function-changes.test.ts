import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Invocation } from "../../../../local/aws/lambda/lambda";
import type { ExistingResource } from "../../../../local/aws/resource";
import { waitFor } from "../../../support/wait-for";
import { createResource, deleteResource, readResource } from "../../support/create-resource";
import type { LambdaFixture } from "./lambda-fixture";
import { isAlive, startLambda } from "./lambda-fixture";

const FUNCTION = "aws:lambda/function:Function";
const returning = (value: unknown): string => `exports.handler = async () => ${JSON.stringify(value)};`;
/** Runs until the file of the event exists. */
const WAITING = `const { existsSync } = require("node:fs");
exports.handler = async ({ file }) => {
  console.log("pid " + process.pid);
  while (file && !existsSync(file)) await new Promise((done) => setTimeout(done, 10));
  return { code: "old", value: process.env.VALUE, again: require("./other.js") };
};`;

function archive(files: Readonly<Record<string, string>>): pulumi.asset.Archive {
  const assets = Object.entries(files).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)]);
  return new pulumi.asset.AssetArchive(Object.fromEntries(assets));
}

describe("A change of a Lambda function", () => {
  let fixture: LambdaFixture;
  beforeEach(async () => (fixture = await startLambda({ maxEnvironments: 2, idleMs: 60_000 })));
  afterEach(() => fixture.remove());

  const invoke = (made: ExistingResource, event: unknown = {}): Promise<Invocation> =>
    fixture.lambda.invoke(made.outputs.arn as string, event);
  const loggedPid = (): Promise<number> =>
    waitFor(() => Number(/pid (\d+)$/.exec(fixture.logged.at(-1) ?? "")?.[1]) || undefined, {
      what: "a pid",
    });

  it("applies to the next invocation: code, variables, memory, handler", async () => {
    const made = await fixture.deploy(returning("old"));
    assert.deepEqual(await invoke(made), { payload: "old" });
    const changed = await fixture.change(made, { code: returning("new") });
    assert.notEqual(changed.outputs.sourceCodeHash, made.outputs.sourceCodeHash);
    assert.deepEqual(await invoke(made), { payload: "new" });
    await fixture.change(changed, {
      code: `exports.other = async (_, context) => [
        process.env.VALUE, process.env._HANDLER, context.memoryLimitInMB, process.env.AWS_EXECUTION_ENV];`,
      handler: "index.other",
      environment: { variables: { VALUE: "1" } },
      memorySize: 256,
      runtime: "nodejs24.x",
    });
    assert.deepEqual(await invoke(made), {
      payload: ["1", "index.other", "256", "AWS_Lambda_nodejs24.x"],
    });
  });

  it("applies a shorter timeout", async () => {
    const made = await fixture.deploy("exports.handler = () => new Promise((r) => setTimeout(r, 60000));", {
      timeout: 60,
    });
    await fixture.change(made, { timeout: 1 });
    const result = await invoke(made);
    assert.match("functionError" in result ? result.functionError.errorMessage : "", /timed out after 1\.00/);
  });

  it("lets running invocations finish on the old code, and then stops its process and removes its files", async () => {
    const other = `module.exports = "old file";`;
    const made = await fixture.deploy(archive({ "index.js": WAITING, "other.js": other }), { timeout: 60 });
    const file = join(fixture.directory, "finish");
    const running = invoke(made, { file });
    const pid = await loggedPid();
    await fixture.change(made, { code: returning("new"), environment: { variables: { VALUE: "new" } } });
    assert.deepEqual(await invoke(made), { payload: "new" });
    assert.ok(isAlive(pid));
    const directory = join(fixture.directory, "eu-west-1");
    assert.equal((await readdir(directory)).length, 2);
    await writeFile(file, "");
    assert.deepEqual(await running, { payload: { code: "old", again: "old file" } });
    await waitFor(() => !isAlive(pid), { what: "the end of the old process" });
    await waitFor(async () => (await readdir(directory)).length === 1, {
      what: "the removal of the old code",
    });
  });

  it("counts invocations of the old code against the reserved concurrency", async () => {
    const made = await fixture.deploy(archive({ "index.js": WAITING, "other.js": "" }), {
      timeout: 60,
      reservedConcurrentExecutions: 1,
    });
    const file = join(fixture.directory, "finish");
    const running = invoke(made, { file });
    await loggedPid();
    const changed = await fixture.change(made, { code: returning("new") });
    await assert.rejects(invoke(made), { name: "TooManyRequestsException" });
    await fixture.change(changed, { reservedConcurrentExecutions: 2 });
    assert.deepEqual(await invoke(made), { payload: "new" });
    await writeFile(file, "");
    await running;
  });

  it("keeps the warm processes when only tags or the reserved concurrency change", async () => {
    const made = await fixture.deploy("exports.handler = async () => process.pid;");
    const before = await invoke(made);
    const tagged = await fixture.change(made, {
      tags: { a: "b" },
      code: "exports.handler = async () => process.pid;",
    });
    await fixture.change(tagged, { reservedConcurrentExecutions: 5 });
    assert.deepEqual(await invoke(made), before);
    assert.equal(tagged.outputs.lastModified, made.outputs.lastModified);
    await fixture.change(tagged, { reservedConcurrentExecutions: 0 });
    await assert.rejects(invoke(made), { name: "TooManyRequestsException" });
  });

  it("gives the next invocation the credentials of a changed role", async () => {
    const made = await fixture.deploy("exports.handler = async () => process.env.AWS_SESSION_TOKEN;");
    await fixture.change(made, { role: "arn:aws:iam::000000000000:role/other" });
    const sessionToken = "session of arn:aws:iam::000000000000:role/other";
    assert.deepEqual(await invoke(made), { payload: sessionToken });
    assert.equal(
      fixture.lambda.clientConfig(made.outputs.arn as string).credentials.sessionToken,
      sessionToken,
    );
  });

  it("leaves the function unchanged when it is invalid", async () => {
    const made = await fixture.deploy(returning("old"));
    await assert.rejects(fixture.change(made, { timeout: 0 }), /timeout must be/);
    await assert.rejects(
      fixture.change(made, { code: archive({ "../x.js": "" }), timeout: 9 }),
      /is outside/,
    );
    assert.deepEqual(await invoke(made), { payload: "old" });
    assert.deepEqual((await readResource(fixture.lambda, made))?.inputs, made.inputs);
    assert.equal((await readdir(join(fixture.directory, "eu-west-1"))).length, 1);
  });

  it("rejects every running invocation when the region goes down", async () => {
    const made = await fixture.deploy(archive({ "index.js": WAITING, "other.js": "" }), { timeout: 60 });
    const running = assert.rejects(invoke(made, { file: "/absent" }), /eu-west-1 is down/);
    const pid = await loggedPid();
    await fixture.change(made, { code: returning("new") });
    fixture.regions.setState("ireland", "down");
    await running;
    await waitFor(() => !isAlive(pid), { what: "the end of the old process" });
  });

  it("publishes the next version for each change of code or configuration, and none without", async () => {
    const made = await fixture.deploy(returning(1), { publish: true });
    const versions = [made.outputs.version];
    let latest = made;
    for (const changes of [
      { code: returning(2) },
      { tags: { a: "b" } },
      { description: "x" },
      { publish: false, timeout: 5 },
      { publish: true },
    ]) {
      latest = await fixture.change(latest, changes);
      versions.push(latest.outputs.version);
    }
    assert.deepEqual(versions, ["1", "2", "2", "3", "3", "4"]);
    assert.equal(latest.outputs.qualifiedArn, `${made.outputs.arn}:4`);
    const results = [1, 2, 3, 4].map((version) =>
      fixture.lambda.invoke(`${made.outputs.arn}:${version}`, {}),
    );
    assert.deepEqual(
      await Promise.all(results),
      [1, 2, 2, 2].map((payload) => ({ payload })),
    );
    await assert.rejects(fixture.lambda.invoke(`${made.outputs.arn}:5`, {}), {
      name: "ResourceNotFoundException",
      message: `Function not found: ${made.outputs.arn}:5`,
    });
  });
});

describe("The life of a Lambda function", () => {
  let fixture: LambdaFixture;
  beforeEach(async () => (fixture = await startLambda()));
  afterEach(() => fixture.remove());

  it("ends with its deletion: running invocations finish, later ones are rejected", async () => {
    const made = await fixture.deploy(archive({ "index.js": WAITING, "other.js": "" }), {
      name: "get",
      timeout: 60,
    });
    const arn = made.outputs.arn as string;
    const file = join(fixture.directory, "finish");
    const running = fixture.lambda.invoke(arn, { file });
    await waitFor(() => fixture.logged.length > 0, { what: "the invocation" });
    await deleteResource(fixture.lambda, made);
    await assert.rejects(fixture.lambda.invoke(arn, {}), { name: "ResourceNotFoundException" });
    assert.throws(() => fixture.lambda.clientConfig(arn), { name: "ResourceNotFoundException" });
    assert.equal(await readResource(fixture.lambda, made), undefined);
    await deleteResource(fixture.lambda, made);
    const again = await fixture.deploy(returning("new"), { name: "get" });
    assert.deepEqual(await fixture.lambda.invoke(again.outputs.arn as string, {}), { payload: "new" });
    await writeFile(file, "");
    assert.deepEqual(await running, { payload: { code: "old", again: {} } });
    await waitFor(async () => (await readdir(join(fixture.directory, "eu-west-1"))).length === 1, {
      what: "the removal of the deleted code",
    });
  });

  it("is read with its current inputs and outputs", async () => {
    const made = await fixture.deploy(returning(1));
    const changed = await fixture.change(made, { code: returning(2), timeout: 7 });
    assert.deepEqual(await readResource(fixture.lambda, made), {
      id: made.id,
      inputs: changed.inputs,
      outputs: changed.outputs,
    });
  });

  it("begins once per name and region, also when two are created at the same time", async () => {
    const [one, two] = await Promise.allSettled(
      [1, 2].map((value) => fixture.deploy(returning(value), { name: "twice" })),
    );
    assert.equal(one.status, "fulfilled");
    assert.match(
      String((two as PromiseRejectedResult).reason),
      /^Error: ResourceConflictException: Function already exist: twice in eu-west-1/,
    );
    await assert.rejects(fixture.deploy(returning(3), { name: "twice" }), /ResourceConflictException/);
    const { inputs } = (one as PromiseFulfilledResult<ExistingResource>).value;
    await createResource(fixture.lambda, FUNCTION, inputs, { region: "ap-southeast-1" });
  });

  it("is replaced for a name, package type or region, as on AWS", () => {
    const { replacing } = fixture.lambda.resourceHandlers[FUNCTION];
    assert.deepEqual(Object.keys(replacing), ["name", "packageType", "region"]);
  });

  it("leaves no file of a function that could not be created", async () => {
    await assert.rejects(fixture.deploy(archive({ "../x.js": "" })), /is outside the function's directory/);
    const directory = join(fixture.directory, "eu-west-1");
    assert.ok(!existsSync(directory) || (await readdir(directory)).length === 0);
  });
});
