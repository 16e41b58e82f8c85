import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ExistingResource } from "../../../../local/aws/resource";
import { waitFor } from "../../../support/wait-for";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { isAlive, type LambdaFixture, startLambda } from "./lambda-fixture";

const ALIAS = "aws:lambda/alias:Alias";
const ARN = "arn:aws:lambda:eu-west-1:000000000000:function:api";
const LIVE = `${ARN}:live`;
const returning = (release: number): string =>
  `exports.handler = async (event, context) =>
    ({ release: ${release}, version: process.env.AWS_LAMBDA_FUNCTION_VERSION, arn: context.invokedFunctionArn });`;

describe("An alias of a Lambda function", () => {
  let fixture: LambdaFixture;
  let api: ExistingResource;
  beforeEach(async () => {
    fixture = await startLambda();
    api = await fixture.deploy(returning(1), { name: "api", publish: true });
  });
  afterEach(() => fixture.remove());

  const point = (inputs: Record<string, unknown> = {}): Promise<ExistingResource> =>
    createResource(
      fixture.lambda,
      ALIAS,
      { name: "live", functionName: "api", functionVersion: "1", ...inputs },
      { name: "api" },
    );
  const payloadOf = async (arn: string): Promise<unknown> => {
    const result = await fixture.lambda.invoke(arn, {});
    return "payload" in result ? result.payload : result.functionError;
  };

  it("has the outputs of the AWS provider", async () => {
    const { id, outputs } = await point({ description: "x" });
    assert.equal(id, LIVE);
    assert.deepEqual(outputs, {
      arn: LIVE,
      invokeArn: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${LIVE}/invocations`,
    });
  });

  it("invokes its version, also while $LATEST and newer versions differ, until it is moved", async () => {
    const alias = await point();
    await fixture.change(api, { code: returning(2) });
    assert.deepEqual(await payloadOf(LIVE), { release: 1, version: "1", arn: LIVE });
    assert.deepEqual(await payloadOf(ARN), { release: 2, version: "$LATEST", arn: ARN });
    const moved = await updateResource(fixture.lambda, alias, { ...alias.inputs, functionVersion: "2" });
    assert.deepEqual(await payloadOf(LIVE), { release: 2, version: "2", arn: LIVE });
    await updateResource(fixture.lambda, moved, alias.inputs);
    assert.deepEqual(await payloadOf(LIVE), { release: 1, version: "1", arn: LIVE });
  });

  it("is moved outside Pulumi, and then read with the other version", async () => {
    const alias = await point();
    await fixture.change(api, { code: returning(2) });
    fixture.lambda.moveAlias(ARN, "live", "2");
    assert.deepEqual(await payloadOf(LIVE), { release: 2, version: "2", arn: LIVE });
    assert.equal((await readResource(fixture.lambda, alias))?.inputs.functionVersion, "2");
    assert.equal(fixture.lambda.versionOf(LIVE), "2");
    assert.throws(() => fixture.lambda.moveAlias(ARN, "live", "3"), {
      name: "ResourceNotFoundException",
      message: `Function not found: ${ARN}:3`,
    });
    assert.throws(() => fixture.lambda.moveAlias(ARN, "beta", "1"), { name: "ResourceNotFoundException" });
  });

  it("lets running invocations finish on the old version, and then stops its processes", async () => {
    api = await fixture.change(api, {
      code: `exports.handler = async ({ wait }) => {
        console.log("pid " + process.pid);
        if (wait) await new Promise((done) => setTimeout(done, 300));
        return "old"; };`,
    });
    await point({ functionVersion: "2" });
    await fixture.change(api, { code: returning(3) });
    const running = fixture.lambda.invoke(LIVE, { wait: true });
    const pid = await waitFor(
      () => Number(/pid (\d+)$/.exec(fixture.logged.at(-1) ?? "")?.[1]) || undefined,
      {
        what: "a pid",
      },
    );
    fixture.lambda.moveAlias(ARN, "live", "3");
    assert.deepEqual(await payloadOf(LIVE), { release: 3, version: "3", arn: LIVE });
    assert.deepEqual(await running, { payload: "old" });
    await waitFor(() => !isAlive(pid), { what: "the end of the old process" });
    assert.deepEqual(await fixture.lambda.invoke(`${ARN}:2`, {}), { payload: "old" });
  });

  it("shares the reserved concurrency with every other version", async () => {
    await point();
    await fixture.change(api, { reservedConcurrentExecutions: 0 });
    await assert.rejects(fixture.lambda.invoke(LIVE, {}), { name: "TooManyRequestsException" });
  });

  it("acts with the role of its version", async () => {
    await point();
    await fixture.change(api, { role: "arn:aws:iam::000000000000:role/other" });
    assert.match(fixture.lambda.clientConfig(LIVE).credentials.sessionToken, /role\/tester$/);
    assert.match(fixture.lambda.clientConfig(ARN).credentials.sessionToken, /role\/other$/);
    assert.throws(() => fixture.lambda.clientConfig(`${ARN}:beta`), { name: "ResourceNotFoundException" });
  });

  it("protects its version from deletion, as on AWS; a version without an alias is deleted with its code", async () => {
    const alias = await point();
    await fixture.change(api, { code: returning(2) });
    const directories = (): Promise<string[]> => readdir(join(fixture.directory, "eu-west-1"));
    assert.equal((await directories()).length, 2);
    assert.throws(() => fixture.lambda.deleteVersion(ARN, "1"), {
      name: "ResourceConflictException",
      message: "Unable to delete version because the following aliases reference it: [live]",
    });
    await updateResource(fixture.lambda, alias, { ...alias.inputs, functionVersion: "2" });
    fixture.lambda.deleteVersion(ARN, "1");
    await assert.rejects(fixture.lambda.invoke(`${ARN}:1`, {}), { name: "ResourceNotFoundException" });
    await waitFor(async () => (await directories()).length === 1, { what: "the removal of the old code" });
    assert.throws(() => fixture.lambda.deleteVersion(ARN, "1"), { name: "ResourceNotFoundException" });
    assert.deepEqual(await payloadOf(LIVE), { release: 2, version: "2", arn: LIVE });
  });

  it("disappears with its function, and is deleted once", async () => {
    const alias = await point();
    await deleteResource(fixture.lambda, alias);
    await assert.rejects(fixture.lambda.invoke(LIVE, {}), { message: `Function not found: ${LIVE}` });
    assert.equal(await readResource(fixture.lambda, alias), undefined);
    await deleteResource(fixture.lambda, alias);
    await point();
    await deleteResource(fixture.lambda, api);
    assert.equal(await readResource(fixture.lambda, alias), undefined);
    await deleteResource(fixture.lambda, alias);
    await assert.rejects(updateResource(fixture.lambda, alias, alias.inputs), /Function not found/);
  });

  it("is imported by the names of function and alias", async () => {
    const { id, inputs, outputs } = await point();
    const imported = { type: ALIAS, name: "it", region: "eu-west-1", inputs: {}, outputs: {} };
    assert.deepEqual(await readResource(fixture.lambda, { ...imported, id: "api/live" }), {
      id,
      inputs,
      outputs,
    });
    assert.equal(await readResource(fixture.lambda, { ...imported, id: "api/beta" }), undefined);
  });

  it("is replaced for another function, name or region, as on AWS", () => {
    const { replacing, updatable } = fixture.lambda.resourceHandlers[ALIAS];
    assert.deepEqual(Object.keys(replacing), ["functionName", "name", "region"]);
    assert.deepEqual(updatable, ["description", "functionVersion"]);
  });

  const refused: Record<string, readonly [Record<string, unknown>, RegExp]> = {
    "an unknown function": [{ functionName: "other" }, /Function not found: .*:other$/],
    "a version that does not exist": [{ functionVersion: "2" }, /Function not found: .*:api:2$/],
    "another alias as its version": [
      { functionVersion: "live" },
      /^Error: Alias api: functionVersion must be the number of a version or \$LATEST, not live\.$/,
    ],
    "a number as its name": [
      { name: "1" },
      /Alias api: name must have 1 to 128 .* not only digits, not 1\.$/,
    ],
    "weights of further versions": [
      { routingConfig: {} },
      /does not support routingConfig .* one version here/,
    ],
  };
  for (const [what, [inputs, message]] of Object.entries(refused))
    it(`rejects ${what}`, () => assert.rejects(point(inputs), message));

  it("rejects a name that the function has, and a version that does not exist in a change", async () => {
    const alias = await point();
    await assert.rejects(point(), /^Error: ResourceConflictException: Alias already exists: .*:api:live$/);
    await assert.rejects(
      updateResource(fixture.lambda, alias, { ...alias.inputs, functionVersion: "9" }),
      /Function not found: .*:api:9$/,
    );
    assert.deepEqual(await payloadOf(LIVE), { release: 1, version: "1", arn: LIVE });
  });
});
