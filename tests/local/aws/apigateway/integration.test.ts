import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { callIntegration } from "../../../../local/aws/apigateway/integration";
import type { FunctionInvoker, Invocation } from "../../../../local/aws/apigateway/model";

const TIMEOUT_MS = 100;

describe("The time limit of an integration", () => {
  const call = async (
    invoke: () => Promise<Invocation>,
    pausedMs?: FunctionInvoker["pausedMs"],
  ): Promise<number> => {
    const lambda = { permits: () => true, invoke, pausedMs };
    const { response } = await callIntegration(
      lambda,
      { functionArn: "arn", timeoutMs: TIMEOUT_MS },
      "source",
      {},
    );
    return response.status;
  };
  const answerAfter = async (milliseconds: number): Promise<Invocation> => {
    await sleep(milliseconds);
    return { payload: { statusCode: 200 } };
  };

  it("ends a call with 503", async () => {
    assert.equal(await call(() => new Promise(() => undefined)), 503);
    assert.equal(
      await call(
        () => new Promise(() => undefined),
        () => 5000,
      ),
      503,
    );
  });

  it("does not count the time in which a debugger has paused the function", async () => {
    const start = performance.now();
    const pausedMs = (): number => performance.now() - start;
    assert.equal(await call(() => answerAfter(TIMEOUT_MS * 3), pausedMs), 200);
  });

  it("ends a call that takes too long after a pause", async () => {
    const start = performance.now();
    const pausedMs = (): number => Math.min(TIMEOUT_MS, performance.now() - start);
    assert.equal(await call(() => new Promise(() => undefined), pausedMs), 503);
    assert.ok(performance.now() - start >= TIMEOUT_MS * 2 - 2);
  });
});
