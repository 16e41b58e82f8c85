import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runProgram, StackOutputs, unwrapSecrets } from "../../../local/pulumi/program";
import {
  createOnly,
  type CreatedResource,
  type DeclaredResource,
  type ResourceHandler,
} from "../../../local/aws/resource";
import { swapProgram } from "../support/program-swap";

const QUEUE = "aws:sqs/queue:Queue";

describe("runProgram", () => {
  let restoreProgram: () => void;
  let created: DeclaredResource[];

  beforeEach(() => {
    created = [];
  });
  afterEach(() => restoreProgram());

  function run(
    program: string,
    { handler = createQueue, stop }: { handler?: ResourceHandler["create"]; stop?: AbortSignal } = {},
  ): Promise<StackOutputs> {
    restoreProgram = swapProgram(program);
    const config = { "tickets:greeting": "hello" };
    const resourceHandlers = createOnly({ [QUEUE]: handler });
    return runProgram({
      project: "tickets",
      stack: "ireland",
      config,
      resourceHandlers,
      onResource: (resource) => created.push(resource),
      stop,
    });
  }

  async function createQueue({ name, region }: DeclaredResource): Promise<CreatedResource> {
    return { id: name, outputs: { arn: `arn of ${name}`, url: `${name} in ${region}` } };
  }

  it("creates each resource in its provider's region and returns the program's outputs", async () => {
    assert.deepEqual(await run("two-queues"), {
      queues: { first: "first in eu-west-1", second: "arn of first" },
      greeting: "hello",
    });
    assert.deepEqual(
      created.map(({ type, name, region }) => [type, name, region]),
      [
        [QUEUE, "first", "eu-west-1"],
        [QUEUE, "second", "eu-west-1"],
      ],
    );
  });

  it("registers the children of a remote component in the region of its provider", async () => {
    restoreProgram = swapProgram("with-component");
    const types = ["aws:s3/bucket:Bucket", "aws:cloudtrail/trail:Trail"];
    const create = async ({ name, region }: DeclaredResource): Promise<CreatedResource> => ({
      id: `id of ${name}`,
      outputs: { arn: `${name} in ${region}` },
    });
    const outputs = await runProgram({
      ...{ project: "tickets", stack: "ireland", config: {} },
      resourceHandlers: createOnly(Object.fromEntries(types.map((type) => [type, create]))),
      remoteComponents: {
        "awsx:cloudtrail:Trail": async ({ name, inputs }, register) => {
          const bucket = await register(types[0], name, inputs.s3Bucket.args);
          const { isMultiRegionTrail } = inputs;
          const trail = await register(types[1], name, { isMultiRegionTrail, bucket: bucket.outputs.arn });
          return { bucket, trail };
        },
      },
      onResource: (resource) => created.push(resource),
    });
    assert.deepEqual(outputs.audit, {
      bucket: "audit in eu-west-1",
      id: "id of audit",
      multiRegion: true,
    });
    assert.deepEqual(
      created.map(({ type, inputs }) => [type, inputs]),
      [
        [types[0], { forceDestroy: false }],
        [types[1], { isMultiRegionTrail: true, bucket: "audit in eu-west-1" }],
      ],
    );
  });

  it("passes a resource handler the plain inputs, secrets too, and a name that is the same every time", async () => {
    await run("two-queues");
    const [first] = created;
    assert.equal(first.inputs.policy, "hidden");
    assert.equal(first.inputs.delaySeconds, 5);
    assert.match(first.physicalName, /^first-[0-9a-f]{7}$/);
    restoreProgram();
    await run("two-queues");
    assert.equal(created[2].physicalName, first.physicalName);
  });

  it("rejects with the name of the first resource that cannot be created", async () => {
    const handler = (): Promise<never> => Promise.reject(new Error("the disk is full"));
    await assert.rejects(run("two-queues", { handler }), {
      message: `${QUEUE} "first" could not be created: the disk is full`,
    });
    assert.equal(created.length, 1);
  });

  it("rejects a resource type that is not emulated", async () => {
    restoreProgram = swapProgram("two-queues");
    await assert.rejects(
      runProgram({ project: "tickets", stack: "ireland", config: {}, resourceHandlers: {} }),
      {
        message:
          `${QUEUE} "first" could not be created: the local cloud does not emulate this resource type; ` +
          "see docs/local-cloud.md.",
      },
    );
  });

  it("rejects a resource without an explicit provider", async () => {
    await assert.rejects(run("without-provider"), {
      message: `${QUEUE} "orphan" could not be created: it has no explicit provider, so its region would depend on the environment of the caller.`,
    });
  });

  it("rejects a call of a provider function", async () => {
    await assert.rejects(run("with-call"), {
      message:
        "The program calls aws:index/getCallerIdentity:getCallerIdentity, which the local cloud does not emulate.",
    });
  });

  it("rejects with the program's own error", async () => {
    await assert.rejects(run("throwing"), { message: "domainName is wrong" });
  });

  it("aborts at once, even while a resource is being created", async () => {
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

  it("does not load the program if it is aborted before", async () => {
    const stop = AbortSignal.abort();
    await assert.rejects(run("throwing", { stop }), (error) => error === stop.reason);
  });

  it("runs again after a failure and removes its listeners", async () => {
    const listeners = process.listenerCount("unhandledRejection");
    await assert.rejects(run("throwing"));
    restoreProgram();
    assert.equal((await run("two-queues")).greeting, "hello");
    assert.equal(process.listenerCount("unhandledRejection"), listeners);
  });
});

const secret = (value: unknown): Record<string, unknown> => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("unwrapSecrets", () => {
  it("unwraps secrets at every depth, including a secret in a secret", () => {
    const inputs = { a: secret("x"), list: [secret({ b: secret(1) })], plain: { c: null, d: undefined } };
    assert.deepEqual(unwrapSecrets(inputs), {
      a: "x",
      list: [{ b: 1 }],
      plain: { c: null, d: undefined },
    });
  });

  it("leaves an object unchanged that only has a value", () => {
    assert.deepEqual(unwrapSecrets({ value: "x" }), { value: "x" });
    assert.deepEqual(unwrapSecrets({ "4dabf18193072939515e22adb298388d": "another", value: 1 }), {
      "4dabf18193072939515e22adb298388d": "another",
      value: 1,
    });
  });

  it("leaves archives and assets unchanged", () => {
    const archive = new pulumi.asset.AssetArchive({ file: new pulumi.asset.StringAsset("text") });
    assert.equal((unwrapSecrets({ code: secret(archive) }) as { code: unknown }).code, archive);
  });
});
