import assert from "node:assert/strict";
import { once } from "node:events";
import type { ExistingResource } from "../../../../local/aws/resource";
import { type LambdaFixture, startLambda } from "./lambda-fixture";

const returning = (name: string, release: string): string =>
  `exports.handler = async () => [${JSON.stringify(release)}, process.env.${name}];`;

describe("An update of a Lambda function's configuration and code", () => {
  let fixture: LambdaFixture;
  /** Resolves when the first step is done. */
  let firstStep: Promise<void>;
  /** Lets the update continue with the second step. */
  let continueUpdate: () => void;

  beforeEach(async () => {
    let isBetween: () => void;
    firstStep = new Promise((resolve) => (isBetween = resolve));
    const mayContinue = new Promise<void>((resolve) => (continueUpdate = resolve));
    fixture = await startLambda(undefined, {
      updateStep: (signal) => {
        isBetween();
        return Promise.race([mayContinue, once(signal, "abort")]);
      },
    });
  });
  afterEach(() => fixture.remove());

  const payloadOf = async (arn: unknown): Promise<unknown> => {
    const result = await fixture.lambda.invoke(String(arn), {});
    return "payload" in result ? result.payload : result.functionError;
  };
  const before = (): Promise<ExistingResource> =>
    fixture.deploy(returning("OLD", "first"), {
      ...{ name: "api", publish: true, environment: { variables: { OLD: "table" } } },
    });
  const release = (made: ExistingResource): Promise<ExistingResource> =>
    fixture.change(made, {
      code: returning("NEW", "second"),
      environment: { variables: { NEW: "table" } },
    });

  it("has two steps: in between, $LATEST runs the old code with the new configuration", async () => {
    const made = await before();
    const { arn } = made.outputs;
    assert.deepEqual(await payloadOf(arn), ["first", "table"]);
    const updating = release(made);
    await firstStep;
    assert.deepEqual(await payloadOf(arn), ["first", null]);
    continueUpdate();
    await updating;
    assert.deepEqual(await payloadOf(arn), ["second", "table"]);
  });

  it("keeps published versions unchanged during and after both steps", async () => {
    const made = await before();
    const { arn } = made.outputs;
    const updating = release(made);
    await firstStep;
    assert.deepEqual(await payloadOf(arn), ["first", null]);
    assert.deepEqual(await payloadOf(`${arn}:1`), ["first", "table"]);
    continueUpdate();
    const { outputs } = await updating;
    assert.equal(outputs.version, "2");
    assert.deepEqual(await payloadOf(`${arn}:1`), ["first", "table"]);
    assert.deepEqual(await payloadOf(`${arn}:2`), ["second", "table"]);
  });

  it("makes version and ARN unknown in a preview only if it publishes", () => {
    const { recomputed } = fixture.lambda.resourceHandlers["aws:lambda/function:Function"];
    const version = ["lastModified", "qualifiedArn", "qualifiedInvokeArn", "version"];
    assert.deepEqual(recomputed?.({ publish: true }, ["code"]), version);
    assert.deepEqual(recomputed?.({ publish: true }, ["publish", "tags"]), version);
    assert.deepEqual(recomputed?.({ publish: true }, ["reservedConcurrentExecutions", "tags"]), []);
    assert.deepEqual(recomputed?.({}, ["environment"]), ["lastModified"]);
  });

  it("ends with an error when the service is closed between the steps", async () => {
    const made = await before();
    const updating = release(made);
    const rejected = assert.rejects(updating, /Function api: the local cloud is stopping/);
    await firstStep;
    await fixture.lambda.close();
    await rejected;
  });
});
