import assert from "node:assert/strict";
import { reachableHandlers } from "../../../local/aws/reachable-handlers";
import { Regions } from "../../../local/aws/regions";
import type { ReadResource, ResourceHandler } from "../../../local/aws/resource";

const QUEUE = "aws:sqs/queue:Queue";

describe("reachableHandlers", () => {
  const calls: string[] = [];
  const call = async (name: string): Promise<ReadResource> => {
    calls.push(name);
    return { id: "one", inputs: {}, outputs: { arn: "arn" } };
  };
  const handler: ResourceHandler = {
    updatable: ["size"],
    replacing: {},
    create: () => call("create"),
    read: () => call("read"),
    update: async () => (await call("update")).outputs,
    delete: async () => void (await call("delete")),
  };
  let regions: Regions;
  let handlers: Record<string, ResourceHandler>;

  beforeEach(() => {
    calls.length = 0;
    regions = new Regions([
      { name: "ireland", code: "eu-west-1" },
      { name: "singapore", code: "ap-southeast-1" },
    ]);
    handlers = reachableHandlers({ [QUEUE]: handler, "aws:iam/role:Role": handler }, regions);
  });

  /** Calls each operation on a resource and returns the distinct errors. */
  async function callAll(region: string, type = QUEUE): Promise<string[]> {
    const resource = { ...{ type, name: "queue", region, inputs: {} }, id: "one", outputs: {} };
    const results = await Promise.allSettled([
      handlers[type].create({ ...resource, physicalName: "queue-1" }),
      handlers[type].read(resource),
      handlers[type].update(resource, {}),
      handlers[type].delete(resource),
    ]);
    const errors = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as Error] : [],
    );
    return [...new Set(errors.map(({ message }) => message))];
  }

  it("calls the handlers of a region that is up", async () => {
    assert.deepEqual(await callAll("eu-west-1"), []);
    assert.deepEqual(calls, ["create", "read", "update", "delete"]);
    assert.deepEqual(handlers[QUEUE].updatable, ["size"]);
  });

  it("refuses every call to a region that is down, with the reason and the remedy", async () => {
    regions.setState("ireland", "down");
    assert.deepEqual(await callAll("eu-west-1"), [
      "RequestError: send request failed: no endpoint of eu-west-1 responds, because the region is down. " +
        "Run it again when the region is up, or leave its resources out with the option --exclude of npm run local:pulumi.",
    ]);
    assert.deepEqual(calls, []);
  });

  it("calls the handlers of the other region, and of global services", async () => {
    regions.setState("ireland", "down");
    assert.deepEqual(await callAll("ap-southeast-1"), []);
    assert.deepEqual(await callAll("us-east-1"), []);
    assert.deepEqual(await callAll("eu-west-1", "aws:iam/role:Role"), []);
    assert.equal(calls.length, 12);
  });

  it("refuses calls to global services while us-east-1, which has their control planes, is a region and down", async () => {
    regions = new Regions([
      { name: "virginia", code: "us-east-1" },
      { name: "uae", code: "me-central-1" },
    ]);
    handlers = reachableHandlers({ [QUEUE]: handler, "aws:iam/role:Role": handler }, regions);
    assert.deepEqual(await callAll("me-central-1", "aws:iam/role:Role"), []);
    regions.setState("virginia", "down");
    const [problem, ...others] = await callAll("me-central-1", "aws:iam/role:Role");
    assert.match(problem, /^RequestError: send request failed: no endpoint of us-east-1 responds/);
    assert.deepEqual(others, []);
    assert.deepEqual(await callAll("me-central-1"), []);
  });

  it("calls the handlers of a region in any other state", async () => {
    for (const state of ["isolated", "api-down", "throttled", "slow"] as const) {
      regions.setState("ireland", state);
      assert.deepEqual(await callAll("eu-west-1"), []);
    }
  });
});
