import assert from "node:assert/strict";
import type { LambdaFixture } from "./lambda-fixture";
import { startLambda } from "./lambda-fixture";

const SLOW = "exports.handler = () => new Promise((done) => setTimeout(() => done('done'), 300));";

describe("The concurrency quota of a region", () => {
  let fixture: LambdaFixture;
  afterEach(() => fixture.remove());

  const deploy = async (inputs?: Record<string, unknown>): Promise<string> =>
    (await fixture.deploy(SLOW, inputs)).outputs.arn as string;
  const invoke = (arn: string): Promise<unknown> => fixture.lambda.invoke(arn, {});
  const throttled = { name: "TooManyRequestsException" };

  it("is shared by all functions of the region", async () => {
    fixture = await startLambda(undefined, { concurrency: 2 });
    const [one, two] = [await deploy(), await deploy()];
    const running = [invoke(one), invoke(two)];
    await assert.rejects(invoke(one), throttled);
    await assert.rejects(invoke(two), throttled);
    await Promise.all(running);
    assert.deepEqual(await invoke(one), { payload: "done" });
  });

  it("does not contain what a function has reserved, which only that function uses", async () => {
    fixture = await startLambda(undefined, { concurrency: 101 });
    const [reserved, other] = [await deploy({ reservedConcurrentExecutions: 1 }), await deploy()];
    const running = invoke(reserved);
    await assert.rejects(invoke(reserved), throttled);
    assert.deepEqual(await invoke(other), { payload: "done" });
    await running;
  });

  it("leaves a minimum that cannot be reserved, which is the whole quota of a new account", async () => {
    fixture = await startLambda(undefined, { concurrency: 10 });
    await assert.rejects(deploy({ reservedConcurrentExecutions: 1 }), /below its minimum value of \[10\]/);
    await fixture.remove();
    fixture = await startLambda(undefined, { concurrency: 101 });
    await deploy({ reservedConcurrentExecutions: 1 });
    await assert.rejects(deploy({ reservedConcurrentExecutions: 1 }), /below its minimum value of \[100\]/);
  });
});
