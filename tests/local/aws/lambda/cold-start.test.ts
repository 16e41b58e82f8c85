import assert from "node:assert/strict";
import { startLambda } from "./lambda-fixture";

const COLD_START_MS = 400;

describe("Cold starts of the local Lambda", () => {
  it("take at least the configured time, and the process then handles the next invocation", async () => {
    const { lambda, deploy, remove } = await startLambda(undefined, { coldStartMs: COLD_START_MS });
    try {
      const { outputs } = await deploy("exports.handler = async () => process.pid;");
      const start = performance.now();
      const first = await lambda.invoke(String(outputs.arn), {});
      assert.ok(performance.now() - start >= COLD_START_MS - 1);
      assert.deepEqual(await lambda.invoke(String(outputs.arn), {}), first);
    } finally {
      await remove();
    }
  });
});
