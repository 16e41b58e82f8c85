import assert from "node:assert/strict";
import type { CreatedResource, RemoteComponent } from "../../../local/aws/resource";
import { ProgramRun, runProgram, StackOutputs } from "../../../local/pulumi/program";
import type { Registration } from "../../../local/pulumi/registration";
import { swapProgram } from "../support/program-swap";

const QUEUE = "aws:sqs/queue:Queue";

describe("runProgram", () => {
  let restoreProgram: () => void;
  let registered: Registration[];

  beforeEach(() => {
    registered = [];
  });
  afterEach(() => restoreProgram());

  function run(program: string, parts: Partial<ProgramRun> = {}): Promise<StackOutputs> {
    restoreProgram = swapProgram(program);
    const config = { "tickets:greeting": "hello" };
    return runProgram({ project: "tickets", stack: "ireland", config, register, ...parts });
  }

  async function register(registration: Registration): Promise<CreatedResource> {
    registered.push(registration);
    const { name, region } = registration;
    return { id: `id of ${name}`, outputs: { arn: `arn of ${name}`, url: `${name} in ${region}` } };
  }

  it("registers each resource in its provider's region and returns the program's outputs", async () => {
    assert.deepEqual(await run("two-queues"), {
      queues: { first: "first in eu-west-1", second: "arn of first" },
      greeting: "hello",
    });
    assert.deepEqual(
      registered.map(({ type, name, region }) => [type, name, region]),
      [
        [QUEUE, "first", "eu-west-1"],
        [QUEUE, "second", "eu-west-1"],
      ],
    );
  });

  it("passes on the URN, the plain inputs, secrets too, and on what each input depends", async () => {
    await run("two-queues");
    const [first, second] = registered;
    const urn = (name: string): string => `urn:pulumi:ireland::tickets::tickets:test:Group$${QUEUE}::${name}`;
    assert.deepEqual([first.urn, second.urn], [urn("first"), urn("second")]);
    assert.deepEqual(first.inputs, { delaySeconds: 5, policy: "hidden" });
    assert.deepEqual(second.inputDependencies.policy, [urn("first")]);
  });

  it("registers the children of a remote component below it, in the region of its provider", async () => {
    const types = ["aws:s3/bucket:Bucket", "aws:cloudtrail/trail:Trail"];
    const outputs = await run("with-component", {
      remoteComponents: {
        "awsx:cloudtrail:Trail": async ({ name, inputs }, registerChild) => {
          const bucket = await registerChild(types[0], name, inputs.s3Bucket.args);
          const { isMultiRegionTrail } = inputs;
          const trail = await registerChild(types[1], name, {
            isMultiRegionTrail,
            bucket: bucket.outputs.arn,
          });
          return { bucket, trail };
        },
      },
    });
    assert.deepEqual(outputs.audit, { bucket: "arn of audit", id: "id of audit", multiRegion: true });
    assert.deepEqual(
      registered.map(({ urn, region, inputs }) => [urn.split("::")[2], region, inputs]),
      [
        [`awsx:cloudtrail:Trail$${types[0]}`, "eu-west-1", { forceDestroy: false }],
        [
          `awsx:cloudtrail:Trail$${types[1]}`,
          "eu-west-1",
          { isMultiRegionTrail: true, bucket: "arn of audit" },
        ],
      ],
    );
  });

  it("registers no further child of a remote component after the run has ended", async () => {
    const controller = new AbortController();
    const aborting = (registration: Registration): Promise<CreatedResource> => {
      controller.abort();
      return register(registration);
    };
    let report: () => void = () => undefined;
    const attempted = new Promise<void>((resolve) => (report = resolve));
    const component: RemoteComponent = async ({ name }, registerChild) => {
      await registerChild("aws:s3/bucket:Bucket", name, {});
      void registerChild("aws:cloudtrail/trail:Trail", name, {});
      setImmediate(report);
      return {};
    };
    const remoteComponents = { "awsx:cloudtrail:Trail": component };
    await assert.rejects(
      run("with-component", { register: aborting, remoteComponents, stop: controller.signal }),
    );
    await attempted;
    assert.deepEqual(
      registered.map(({ type }) => type),
      ["aws:s3/bucket:Bucket"],
    );
  });

  it("rejects a remote component that is not emulated", async () => {
    await assert.rejects(run("with-component"), {
      message:
        'awsx:cloudtrail:Trail "audit" could not be created: the local cloud does not emulate this component type; ' +
        "see docs/local-cloud.md.",
    });
  });

  it("rejects with the first error of a resource and registers nothing that depends on it", async () => {
    const failing = (registration: Registration): Promise<never> => {
      registered.push(registration);
      return Promise.reject(new Error("the disk is full"));
    };
    await assert.rejects(run("two-queues", { register: failing }), {
      message: `${QUEUE} "first" could not be created: the disk is full`,
    });
    assert.equal(registered.length, 1);
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
    const endless = (): Promise<never> => {
      controller.abort();
      return new Promise(() => undefined);
    };
    await assert.rejects(
      run("two-queues", { register: endless, stop: controller.signal }),
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
