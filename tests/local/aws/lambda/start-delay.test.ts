import assert from "node:assert/strict";
import { startLambda } from "./lambda-fixture";

const DELAY_MS = 400;

describe("The start delay of the local Lambda", () => {
  it("delays the first invocation of a process, which then handles the next one", async () => {
    const { lambda, deploy, remove } = await startLambda(undefined, { startDelayMs: DELAY_MS });
    try {
      const { outputs } = await deploy("exports.handler = async () => process.pid;");
      const start = performance.now();
      const first = await lambda.invoke(String(outputs.arn), {});
      assert.ok(performance.now() - start >= DELAY_MS - 1);
      assert.deepEqual(await lambda.invoke(String(outputs.arn), {}), first);
    } finally {
      await remove();
    }
  });
});
