import assert from "node:assert/strict";
import { runProgram, StackOutputs } from "../../../local/pulumi/program";
import type { DeclaredResource, ResourceHandler } from "../../../local/aws/resource";
import { swapProgram } from "../support/program-swap";

const QUEUE = "aws:sqs/queue:Queue";

describe("running the program", function () {
  // The first program loads the AWS provider's package.

  let putBack: () => void;
  let made: DeclaredResource[];

  beforeEach(() => {
    made = [];
  });
  afterEach(() => putBack());

  function run(
    program: string,
    { handler = makeQueue, stop }: { handler?: ResourceHandler; stop?: AbortSignal } = {},
  ): Promise<StackOutputs> {
    putBack = swapProgram(program);
    const config = { "tickets:greeting": "hello" };
    const resourceHandlers = { [QUEUE]: handler };
    return runProgram({
      project: "tickets",
      stack: "ireland",
      config,
      resourceHandlers,
      onResource: (resource) => made.push(resource),
      stop,
    });
  }

  async function makeQueue({ name, region }: DeclaredResource): ReturnType<ResourceHandler> {
    return { id: name, outputs: { arn: `arn of ${name}`, url: `${name} in ${region}` } };
  }

  it("makes each resource in its provider's region and gives the program's outputs", async () => {
    assert.deepEqual(await run("two-queues"), {
      queues: { first: "first in eu-west-1", second: "arn of first" },
      greeting: "hello",
    });
    assert.deepEqual(
      made.map(({ type, name, region }) => [type, name, region]),
      [
        [QUEUE, "first", "eu-west-1"],
        [QUEUE, "second", "eu-west-1"],
      ],
    );
  });

  it("passes a resource handler the plain inputs, secrets too, and a name that is the same every time", async () => {
    await run("two-queues");
    const [first] = made;
    assert.equal(first.inputs.policy, "hidden");
    assert.equal(first.inputs.delaySeconds, 5);
    assert.match(first.physicalName, /^first-[0-9a-f]{7}$/);
    putBack();
    await run("two-queues");
    assert.equal(made[2].physicalName, first.physicalName);
  });

  it("fails at the first resource that cannot be made, and names it", async () => {
    const handler = (): Promise<never> => Promise.reject(new Error("the disk is full"));
    await assert.rejects(run("two-queues", { handler }), {
      message: `${QUEUE} "first" could not be made: the disk is full`,
    });
    assert.equal(made.length, 1);
  });

  it("refuses a resource type that it does not know, and names it", async () => {
    putBack = swapProgram("two-queues");
    await assert.rejects(
      runProgram({ project: "tickets", stack: "ireland", config: {}, resourceHandlers: {} }),
      {
        message:
          `${QUEUE} "first" could not be made: the local cloud does not emulate this resource type; ` +
          "see docs/local-cloud.md.",
      },
    );
  });

  it("refuses a resource that has no explicit provider, and names it", async () => {
    await assert.rejects(run("without-provider"), {
      message: `${QUEUE} "orphan" could not be made: it has no explicit provider, so its region would be whatever the caller's environment says.`,
    });
  });

  it("refuses a call to the provider, and names it", async () => {
    await assert.rejects(run("with-call"), {
      message:
        "The program calls aws:index/getCallerIdentity:getCallerIdentity, which the local cloud does not know.",
    });
  });

  it("passes on what the program itself throws", async () => {
    await assert.rejects(run("throwing"), { message: "domainName is wrong" });
  });

  it("ends at once when it is stopped, also while a resource is being made", async () => {
    const controller = new AbortController();
    const handler = (): Promise<never> => {
      controller.abort();
      return new Promise(() => undefined);
    };
    await assert.rejects(
      run("two-queues", { handler, stop: controller.signal }),
      (error) => error === controller.signal.reason,
    );
  });

  it("does not even load the program when it was stopped before", async () => {
    const stop = AbortSignal.abort();
    await assert.rejects(run("throwing", { stop }), (error) => error === stop.reason);
  });

  it("runs again after a failure, and leaves no listener behind", async () => {
    const listeners = process.listenerCount("unhandledRejection");
    await assert.rejects(run("throwing"));
    putBack();
    assert.equal((await run("two-queues")).greeting, "hello");
    assert.equal(process.listenerCount("unhandledRejection"), listeners);
  });
});
