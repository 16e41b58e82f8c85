import assert from "node:assert/strict";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { closeServer, listen, PortInUseError } from "../../../../local/aws/listen";
import type { DebuggerAddresses } from "../../../../local/aws/lambda/function-debugger";
import { InspectorClient } from "../../../support/inspector-client";
import { waitFor } from "../../../support/wait-for";
import type { LambdaFixture } from "./lambda-fixture";
import { errorOf, isAlive, startLambda } from "./lambda-fixture";

/** Long enough for a function that runs on a busy machine. */
const TIMEOUT_SECONDS = 60;
/** Timeout of a function that is paused for longer. It equals the limit of the initialization. */
const PAUSED_TIMEOUT_SECONDS = 10;
/** Short, so that the tests notice a process that is stopped although it is debugged. */
const IDLE_MS = 100;

const CODE = `exports.handler = async (event) => {
  if (event.spin) for (;;);
  if (event.exit !== undefined) process.exit(event.exit);
  const answer = event.value * 2;
  return { answer, pid: process.pid, inspector: require("node:inspector").url() };
};`;
/** Line of \`const answer\`, from 0. */
const ANSWER_LINE = 3;

interface Answer {
  readonly answer: number;
  readonly pid: number;
  readonly inspector?: string;
}

describe("The debugger of a local Lambda function", () => {
  let fixture: LambdaFixture;
  let arn: string;
  let clients: InspectorClient[];
  beforeEach(async () => {
    fixture = await startLambda({ maxEnvironments: 4, idleMs: IDLE_MS });
    arn = (await fixture.deploy(CODE, { timeout: TIMEOUT_SECONDS })).outputs.arn as string;
    clients = [];
  });
  afterEach(async () => {
    clients.forEach((client) => client.close());
    await fixture.remove();
  });

  const invoke = async (event: object = { value: 21 }): Promise<Answer> => {
    const result = await fixture.lambda.invoke(arn, event);
    assert.ok("payload" in result, JSON.stringify(result));
    return result.payload as Answer;
  };
  const open = (port = 0): Promise<DebuggerAddresses> =>
    fixture.lambda.debuggers.open(arn, "the function", port);
  const connect = async ({ webSocketDebuggerUrl }: DebuggerAddresses): Promise<InspectorClient> => {
    const client = await InspectorClient.debugging(webSocketDebuggerUrl);
    clients.push(client);
    return client;
  };
  const breakAtAnswer = (client: InspectorClient): Promise<unknown> =>
    client.send("Debugger.setBreakpointByUrl", { urlRegex: ".*/index\\.js$", lineNumber: ANSWER_LINE });

  /** Connects a new client, invokes the function, pauses at the breakpoint, resumes, and returns the answer. */
  const answerAfterPause = async (addresses: DebuggerAddresses): Promise<unknown> => {
    const client = await connect(addresses);
    await breakAtAnswer(client);
    const result = invoke();
    await client.event("Debugger.paused");
    await client.send("Debugger.resume");
    return (await result).answer;
  };

  it("stops at a breakpoint for longer than the timeout, and the invocation then returns its result", async () => {
    const timeout = PAUSED_TIMEOUT_SECONDS;
    arn = (await fixture.deploy(CODE, { timeout })).outputs.arn as string;
    const client = await connect(await open());
    await breakAtAnswer(client);
    const result = invoke();
    const { callFrames } = await client.event("Debugger.paused");
    await waitFor(() => fixture.lambda.pausedMs(arn) > timeout * 1000, { what: "a pause after the timeout" });
    const { callFrameId } = callFrames[0];
    const evaluation = { callFrameId, expression: "event.value" };
    const { result: value } = await client.send<{ result: { value: number } }>(
      "Debugger.evaluateOnCallFrame",
      evaluation,
    );
    assert.equal(value.value, 21);
    await client.send("Debugger.resume");
    assert.equal((await result).answer, 42);
    await client.event("Debugger.resumed");
    // The local cloud and the client receive the event in any order.
    const total = await waitFor(
      async () => {
        const before = fixture.lambda.pausedMs(arn);
        await delay(5);
        return fixture.lambda.pausedMs(arn) === before && before;
      },
      { what: "the end of the pause" },
    );
    // Otherwise the breakpoint can stop the next invocation before the inspector learns that the client has left.
    await client.send("Debugger.disable");
    client.close();
    await invoke();
    assert.equal(fixture.lambda.pausedMs(arn), total);
  });

  it("continues the invocation when the client leaves while it is paused", async () => {
    const client = await connect(await open());
    await breakAtAnswer(client);
    const result = invoke();
    await client.event("Debugger.paused");
    client.close();
    assert.equal((await result).answer, 42);
  });

  it("runs an invocation at a breakpoint whose client has just left", async () => {
    const addresses = await open();
    for (let round = 0; round < 20; round++) {
      const client = await connect(addresses);
      await breakAtAnswer(client);
      client.close();
      assert.equal((await invoke()).answer, 42);
    }
  });

  it("lets an invocation time out that is not paused", async () => {
    arn = (await fixture.deploy(CODE, { timeout: 1 })).outputs.arn as string;
    await connect(await open());
    const result = await fixture.lambda.invoke(arn, { spin: true });
    assert.equal(errorOf(result).errorType, "Sandbox.Timedout");
  });

  it("runs the function in one process, which is not stopped while it is idle", async () => {
    const before = await invoke();
    const addresses = await open();
    const answers = await Promise.all([1, 2, 3].map((value) => invoke({ value })));
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, 1);
    assert.notEqual(answers[0].pid, before.pid);
    const other = (await fixture.deploy(CODE)).outputs.arn as string;
    const { payload } = (await fixture.lambda.invoke(other, { value: 1 })) as { payload: Answer };
    await waitFor(() => !isAlive(payload.pid), { what: "the end of a process that is idle for less time" });
    assert.equal((await invoke()).pid, answers[0].pid);
    await connect(addresses);
    assert.equal((await invoke()).pid, answers[0].pid);
  });

  it("closes with its inspector, and idle processes are stopped again", async () => {
    const addresses = await open();
    const debugged = await invoke();
    assert.ok(debugged.inspector);
    const client = await connect(addresses);
    await fixture.lambda.debuggers.close(arn);
    await waitFor(() => !client.isOpen, { what: "the client to be disconnected" });
    const { pid, inspector } = await invoke();
    assert.equal(inspector, undefined);
    assert.notEqual(pid, debugged.pid);
    await waitFor(() => !isAlive(pid) && !isAlive(debugged.pid), { what: "the end of the processes" });
    await assert.rejects(fetch(`http://127.0.0.1:${addresses.port}/json/list`));
  });

  it("keeps its address when the process exits, and reports the exit although a client is connected", async () => {
    const addresses = await open();
    const client = await connect(addresses);
    const result = await fixture.lambda.invoke(arn, { exit: 3 });
    assert.match(errorOf(result).errorMessage, /Runtime exited with error: exit status 3$/);
    await waitFor(() => !client.isOpen, { what: "the client to be disconnected" });
    assert.equal(await answerAfterPause(addresses), 42);
  });

  it("keeps its address when the function is updated, and debugs the new code", async () => {
    const made = await fixture.deploy(CODE, { name: "changing" });
    arn = made.outputs.arn as string;
    const addresses = await open();
    const client = await connect(addresses);
    await fixture.change(made, { code: CODE.replace("* 2", "* 3") });
    await waitFor(() => !client.isOpen, { what: "the client to be disconnected" });
    assert.equal(await answerAfterPause(addresses), 63);
  });

  it("disconnects its clients when the region goes down, and accepts them when it is up", async () => {
    const addresses = await open();
    const client = await connect(addresses);
    fixture.regions.setState("ireland", "down");
    await waitFor(() => !client.isOpen, { what: "the client to be disconnected" });
    fixture.regions.setState("ireland", "up");
    await connect(addresses);
    assert.equal((await invoke()).answer, 42);
  });

  it("serves several clients", async () => {
    const addresses = await open();
    const [first, second] = [await connect(addresses), await connect(addresses)];
    await breakAtAnswer(first);
    const answer = invoke();
    await first.event("Debugger.paused");
    await second.event("Debugger.paused");
    first.close();
    await second.send("Debugger.resume");
    assert.equal((await answer).answer, 42);
  });

  it("does not log the lines of the inspector", async () => {
    const client = await connect(await open());
    await invoke();
    client.close();
    await fixture.lambda.debuggers.close(arn);
    await invoke();
    assert.deepEqual(fixture.logged, []);
  });

  it("is found by clients over HTTP", async () => {
    const { port, webSocketDebuggerUrl, devtoolsFrontendUrl } = await open();
    assert.match(webSocketDebuggerUrl, new RegExp(`^ws://127\\.0\\.0\\.1:${port}/[0-9a-f-]{36}$`));
    for (const path of ["/json", "/json/list", "/json/list/"]) {
      const [target] = (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Record<
        string,
        string
      >[];
      assert.equal(target.title, "the function");
      assert.equal(target.type, "node");
      assert.equal(target.webSocketDebuggerUrl, webSocketDebuggerUrl);
      assert.equal(target.devtoolsFrontendUrl, devtoolsFrontendUrl);
    }
    const version = (await (await fetch(`http://127.0.0.1:${port}/json/version`)).json()) as Record<
      string,
      string
    >;
    assert.equal(version["Protocol-Version"], "1.1");
    assert.equal((await fetch(`http://127.0.0.1:${port}/other`)).status, 404);
  });

  it("refuses a WebSocket without its secret path", async () => {
    const { port } = await open();
    await assert.rejects(InspectorClient.connect(`ws://127.0.0.1:${port}/`), /404/);
  });

  it("keeps its port when it is opened again", async () => {
    const [first, second] = await Promise.all([open(), open()]);
    assert.deepEqual(first, second);
  });

  it("rejects a port that is in use", async () => {
    const other = createServer();
    const port = await listen(other, { port: 0, purpose: "the test" });
    await assert.rejects(open(port), PortInUseError);
    await closeServer(other);
    assert.equal((await open(port)).port, port);
  });
});
