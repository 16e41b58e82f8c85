import assert from "node:assert/strict";
import { waitFor } from "../../../support/wait-for";
import type { LambdaFixture } from "./lambda-fixture";
import { errorOf, isAlive, startLambda } from "./lambda-fixture";

const ECHO = "exports.handler = async (event) => ({ event, pid: process.pid });";

describe("An invocation of a local Lambda function", () => {
  let fixture: LambdaFixture;
  before(async () => (fixture = await startLambda({ maxEnvironments: 2, idleMs: 60_000 })));
  after(() => fixture.remove());

  const deploy = async (code: string, inputs?: Record<string, unknown>): Promise<string> =>
    (await fixture.deploy(code, inputs)).outputs.arn as string;
  const run = async (code: string, event: unknown = {}, inputs?: Record<string, unknown>) =>
    fixture.lambda.invoke(await deploy(code, inputs), event);

  it("passes the event to the handler and returns the handler's result", async () => {
    const result = await run("exports.handler = async (event) => ({ sum: event.a + event.b });", {
      a: 2,
      b: 3,
    });
    assert.deepEqual(result, { payload: { sum: 5 } });
  });

  it("accepts the function's ARN with a version, and its invoke ARN", async () => {
    const { outputs } = await fixture.deploy("exports.handler = async () => 1;");
    assert.deepEqual(await fixture.lambda.invoke(outputs.qualifiedArn as string, {}), { payload: 1 });
    assert.deepEqual(await fixture.lambda.invoke(outputs.invokeArn as string, {}), { payload: 1 });
  });

  it("returns null for a handler that returns nothing", async () => {
    assert.deepEqual(await run("exports.handler = async () => {};"), { payload: null });
  });

  it("waits for an empty event loop after a callback, unless the handler disables it", async () => {
    const waits =
      "exports.handler = (e, c, done) => { setTimeout(() => console.log('late work'), 30); done(null, 'x'); };";
    assert.deepEqual(await run(waits), { payload: "x" });
    await waitFor(() => fixture.logged.some((line) => line.endsWith(": late work")), {
      what: "the work after the callback",
    });
    const hurries =
      "exports.handler = (e, c, done) => { c.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); done(null, 'y'); };";
    assert.deepEqual(await run(hurries), { payload: "y" });
  });

  it("returns null if the event loop becomes empty before the handler returns a result", async () => {
    assert.deepEqual(await run("exports.handler = () => new Promise(() => {});"), { payload: null });
  });

  it("rejects a callback handler on a runtime without callbacks", async () => {
    const result = await run(
      "exports.handler = (e, c, done) => done(null, 1);",
      {},
      { runtime: "nodejs24.x" },
    );
    assert.equal(
      "functionError" in result && result.functionError.errorType,
      "Runtime.CallbackHandlerDeprecated",
    );
  });

  it("returns the handler's value and passes no callback from Node.js 24 on", async () => {
    const code =
      "exports.handler = (...args) => ({ count: args.length, waits: 'callbackWaitsForEmptyEventLoop' in args[1] });";
    assert.deepEqual(await run(code, {}, { runtime: "nodejs24.x" }), { payload: { count: 2, waits: false } });
    assert.deepEqual(
      await run("exports.handler = async (event) => event;", { a: 1 }, { runtime: "nodejs24.x" }),
      {
        payload: { a: 1 },
      },
    );
  });

  it("rejects a handler with three parameters even if it is async", async () => {
    const result = await run("exports.handler = async (e, c, deps) => 1;", {}, { runtime: "nodejs26.x" });
    assert.equal(
      "functionError" in result && result.functionError.errorType,
      "Runtime.CallbackHandlerDeprecated",
    );
  });

  it("reports an error that the handler throws, rejects with or passes to the callback", async () => {
    for (const body of ["async () => { throw E; }", "() => { throw E; }", "(e, c, done) => done(E)"]) {
      const result = await run(`const E = new RangeError("too far"); exports.handler = ${body};`);
      assert.ok("functionError" in result);
      const { trace = [], ...error } = result.functionError;
      assert.deepEqual(error, { errorType: "RangeError", errorMessage: "too far" });
      assert.equal(trace[0], "RangeError: too far");
      assert.match(trace[1], /^ {4}at .*\/index\.js:1:11\)$/);
    }
  });

  it("passes Lambda's context to the handler", async () => {
    const result = await run(
      "exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis() });",
      {},
      { timeout: 7, memorySize: 256, loggingConfig: { logFormat: "Text", logGroup: "/tickets/api" } },
    );
    assert.ok("payload" in result);
    const { left, awsRequestId, logStreamName, ...context } = result.payload as Record<string, unknown>;
    assert.ok((left as number) > 0 && (left as number) <= 7000);
    assert.match(awsRequestId as string, /^[0-9a-f-]{36}$/);
    assert.match(logStreamName as string, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]/);
    const name = (context.functionName as string) ?? "";
    assert.deepEqual(context, {
      callbackWaitsForEmptyEventLoop: true,
      functionName: name,
      functionVersion: "$LATEST",
      invokedFunctionArn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
      logGroupName: "/tickets/api",
      memoryLimitInMB: "256",
    });
  });

  it("logs every line that the function writes, with its region and name", async () => {
    const { id } = await fixture.deploy(
      "exports.handler = async () => { console.log('one\\ntwo'); console.error('three'); };",
    );
    await fixture.lambda.invoke(`arn:aws:lambda:eu-west-1:000000000000:function:${id}`, {});
    for (const line of ["one", "two", "three"])
      await waitFor(() => fixture.logged.includes(`ireland ${id}: ${line}`), { what: `the line ${line}` });
  });

  it("logs lines with the request ids of API Gateway and Lambda, also after a crash", async () => {
    const arn = await deploy(
      "exports.handler = async (e, { awsRequestId }) => { console.log('id ' + awsRequestId); if (e.crash) process.exit(1); };",
    );
    for (const crash of [false, true]) {
      await fixture.lambda.invoke(arn, { crash, requestContext: { requestId: `gateway-${crash}` } });
      const index = await waitFor(
        () => {
          const found = fixture.loggedIds.findIndex((ids) => ids?.[0] === `gateway-${crash}`);
          return found >= 0 && { found };
        },
        { what: "the line" },
      );
      const id = /id (\S+)$/.exec(fixture.logged[index.found])?.[1];
      assert.deepEqual(fixture.loggedIds[index.found], [`gateway-${crash}`, id]);
    }
    await fixture.lambda.invoke(arn, {});
    await waitFor(() => fixture.loggedIds.at(-1)?.length === 1, {
      what: "a line without an id of API Gateway",
    });
  });

  it("kills a function that exceeds its timeout, even in a busy loop, and runs the next one", async () => {
    const arn = await deploy(
      "exports.handler = async (e) => { if (e.spin) for (;;); return process.pid; };",
      { timeout: 1 },
    );
    const before = await fixture.lambda.invoke(arn, {});
    const result = await fixture.lambda.invoke(arn, { spin: true });
    assert.ok("functionError" in result);
    assert.equal(result.functionError.errorType, "Sandbox.Timedout");
    assert.match(
      result.functionError.errorMessage,
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
    );
    const after = await fixture.lambda.invoke(arn, {});
    assert.ok("payload" in before && "payload" in after);
    assert.notEqual(after.payload, before.payload);
    await waitFor(() => !isAlive(before.payload as number), { what: "the killed process's end" });
  });

  it("reports a crash without failing the next invocation", async () => {
    const arn = await deploy(
      `exports.handler = async (e) => { if (e.exit !== undefined) process.exit(e.exit); if (e.throw) { setImmediate(() => { throw new Error("loose"); }); await new Promise(() => setTimeout(() => {}, 10000)); } return "fine"; };`,
    );
    for (let round = 0; round < 3; round++) {
      const crash = await fixture.lambda.invoke(arn, { exit: 3 });
      assert.ok("functionError" in crash);
      assert.equal(crash.functionError.errorType, "Runtime.ExitError");
      assert.match(crash.functionError.errorMessage, /Error: Runtime exited with error: exit status 3$/);
      assert.deepEqual(await fixture.lambda.invoke(arn, {}), { payload: "fine" });
    }
    const quiet = await fixture.lambda.invoke(arn, { exit: 0 });
    assert.ok("functionError" in quiet);
    assert.match(quiet.functionError.errorMessage, /Runtime exited without providing a reason$/);
    assert.deepEqual(errorOf(await fixture.lambda.invoke(arn, { throw: true })), {
      errorType: "Error",
      errorMessage: "loose",
    });
    assert.deepEqual(await fixture.lambda.invoke(arn, {}), { payload: "fine" });
  });

  it("starts a new process after an idle one has exited", async () => {
    const arn = await deploy(ECHO);
    const first = await fixture.lambda.invoke(arn, 1);
    const { pid } = (first as { payload: { pid: number } }).payload;
    process.kill(pid, "SIGKILL");
    await waitFor(() => !isAlive(pid), { what: "the process's end" });
    const second = (await fixture.lambda.invoke(arn, 2)) as { payload: { pid: number } };
    assert.notEqual(second.payload.pid, pid);
  });

  it("reuses a warm process, runs overlapping invocations in more processes, and queues above the limit", async () => {
    const arn = await deploy(
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 50)); return process.pid; };",
    );
    const pids = async (count: number): Promise<Set<unknown>> => {
      const results = await Promise.all(Array.from({ length: count }, () => fixture.lambda.invoke(arn, {})));
      return new Set(results.map((result) => ("payload" in result ? result.payload : result)));
    };
    const one = await pids(1);
    assert.deepEqual(await pids(1), one);
    const two = await pids(5);
    assert.equal(two.size, 2);
    assert.ok(two.has([...one][0]));
  });

  it("throttles above the reserved concurrency", async () => {
    const slow = "exports.handler = () => new Promise((done) => setTimeout(() => done('done'), 100));";
    const arn = await deploy(slow, { reservedConcurrentExecutions: 1 });
    const first = fixture.lambda.invoke(arn, {});
    await assert.rejects(fixture.lambda.invoke(arn, {}), { name: "TooManyRequestsException" });
    assert.deepEqual(await first, { payload: "done" });
    assert.deepEqual(await fixture.lambda.invoke(arn, {}), { payload: "done" });
    const stopped = await deploy(slow, { reservedConcurrentExecutions: 0 });
    await assert.rejects(fixture.lambda.invoke(stopped, {}), { name: "TooManyRequestsException" });
  });

  it("rejects an event over 6 MB and reports a response over 6 MB", async () => {
    const arn = await deploy("exports.handler = async (e) => 'x'.repeat(e.length);");
    const large = 6 * 1024 * 1024;
    await assert.rejects(fixture.lambda.invoke(arn, "x".repeat(large)), { name: "RequestTooLargeException" });
    const result = await fixture.lambda.invoke(arn, { length: large });
    assert.equal(
      "functionError" in result && result.functionError.errorType,
      "Function.ResponseSizeTooLarge",
    );
  });

  it("rejects a function that does not exist", async () => {
    const arn = "arn:aws:lambda:eu-west-1:000000000000:function:absent";
    await assert.rejects(fixture.lambda.invoke(arn, {}), { name: "ResourceNotFoundException" });
  });
});
