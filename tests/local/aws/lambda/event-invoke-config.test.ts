import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { LambdaFixture, startLambda } from "./lambda-fixture";

const CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

describe("A FunctionEventInvokeConfig", () => {
  let fixture: LambdaFixture;
  before(async () => {
    fixture = await startLambda();
    await fixture.deploy("exports.handler = async () => {};", { name: "beat" });
  });
  after(() => fixture.remove());

  const configure = (inputs: Record<string, unknown>): Promise<ExistingResource> =>
    createResource(fixture.lambda, CONFIG, { functionName: "beat", maximumRetryAttempts: 0, ...inputs });

  it("accepts zero retries with any maximum age", async () => {
    assert.equal((await configure({})).id, "beat");
    await configure({ maximumEventAgeInSeconds: 60 });
  });

  const refused: Record<string, readonly [Record<string, unknown>, RegExp]> = {
    "retries, which are not emulated": [
      { maximumRetryAttempts: 2 },
      /^Event invoke config it: maximumRetryAttempts must be 0, .* not 2\.$/,
    ],
    "AWS's default of two retries": [{ maximumRetryAttempts: undefined }, /must be 0, .* not undefined/],
    "an age outside Lambda's limits": [{ maximumEventAgeInSeconds: 59 }, /from 60 to 21600, not 59/],
    "an unknown function": [{ functionName: "other" }, /there is no function other in eu-west-1/],
    "an unknown version or alias": [{ qualifier: "1" }, /the function beat has no version or alias 1\.$/],
    "a destination": [
      { destinationConfig: { onFailure: { destination: "arn" } } },
      /does not support destinationConfig .* no destination here/,
    ],
  };
  for (const [what, [inputs, message]] of Object.entries(refused))
    it(`rejects ${what}`, () => assert.rejects(configure(inputs), { message }));

  it("is replaced for another function or region, as on AWS", () => {
    const { replacing } = fixture.lambda.resourceHandlers[CONFIG];
    assert.deepEqual(Object.keys(replacing), ["functionName", "qualifier", "region"]);
  });

  it("is read with its current inputs, and as gone after its deletion", async () => {
    const made = await configure({});
    await assert.rejects(updateResource(fixture.lambda, made, { ...made.inputs, maximumRetryAttempts: 1 }), {
      message: /must be 0/,
    });
    const changed = await updateResource(fixture.lambda, made, {
      ...made.inputs,
      maximumEventAgeInSeconds: 90,
    });
    assert.deepEqual((await readResource(fixture.lambda, made))?.inputs, changed.inputs);
    await deleteResource(fixture.lambda, made);
    assert.equal(await readResource(fixture.lambda, made), undefined);
    await deleteResource(fixture.lambda, made);
  });

  it("of an alias is separate from that of the function, and disappears with the alias", async () => {
    const { id } = await fixture.deploy("exports.handler = async () => {};", { name: "live", publish: true });
    const alias = await createResource(fixture.lambda, "aws:lambda/alias:Alias", {
      ...{ functionName: id, functionVersion: "1", name: "on" },
    });
    const ofFunction = await configure({ functionName: id });
    const ofAlias = await configure({ functionName: id, qualifier: "on", maximumEventAgeInSeconds: 60 });
    assert.deepEqual([ofFunction.id, ofAlias.id], ["live", "live:on"]);
    assert.deepEqual((await readResource(fixture.lambda, ofAlias))?.inputs, ofAlias.inputs);
    await deleteResource(fixture.lambda, alias);
    assert.equal(await readResource(fixture.lambda, ofAlias), undefined);
    assert.deepEqual((await readResource(fixture.lambda, ofFunction))?.inputs, ofFunction.inputs);
    await deleteResource(fixture.lambda, ofAlias);
  });

  it("disappears with its function", async () => {
    const beat = await fixture.deploy("exports.handler = async () => {};", { name: "short-lived" });
    const made = await configure({ functionName: "short-lived" });
    await deleteResource(fixture.lambda, beat);
    assert.equal(await readResource(fixture.lambda, made), undefined);
    await assert.rejects(updateResource(fixture.lambda, made, made.inputs), {
      message: /there is no function/,
    });
    await deleteResource(fixture.lambda, made);
  });
});
