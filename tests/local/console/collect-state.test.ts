import assert from "node:assert/strict";
import { createServer } from "node:http";
import { changedItem } from "../../../functions/routing/routing-item";
import type { Addresses } from "../../../local/addresses";
import { collectState, Sources } from "../../../local/console/collect-state";
import { Timeline } from "../../../local/console/timeline";
import { closeServer, listen } from "../../../local/aws/listen";
import { Regions } from "../../../local/aws/regions";
import { toImage } from "../../../testing/attribute-values";

/** URL of a port on which no server listens. */
const NO_SERVER = "http://127.0.0.1:9";

const MEASURED = { applied: 5, conflicts: 1, lagP50Ms: 40, lagP99Ms: 90, lagHistory: [] };

describe("collectState", () => {
  let regions: Regions;
  let sources: Sources;
  let answers: Record<string, string>;

  beforeEach(() => {
    regions = new Regions([
      { name: "ireland", code: "eu-west-1" },
      { name: "singapore", code: "ap-southeast-1" },
    ]);
    answers = { "api.tickets.test": "127.0.0.12", "app.tickets.test": "127.0.0.10" };
    const timeline = new Timeline();
    timeline.add("The local cloud is running.");
    sources = {
      options: {
        stack: "ireland",
        domain: "tickets.test",
        speed: 5,
        port: 0,
        data: undefined,
        dynamodbEndpoint: undefined,
      },
      primary: "ireland",
      regions,
      timeline,
      metrics: { ofReplication: () => MEASURED } as unknown as Sources["metrics"],
      addresses: {
        names: { "api.tickets.test": "", "app.tickets.test": "", "gone.tickets.test": "" },
        regions: { ireland: regionAddresses("ireland"), singapore: regionAddresses("singapore") },
        frontDoor: { "api.tickets.test": "http://api.localhost:1" },
      } as unknown as Addresses,
      services: fakeServices() as unknown as Sources["services"],
    };
  });

  function regionAddresses(name: string): Record<string, string> {
    return { api: `${name} api`, ui: `${name} ui`, dynamodb: NO_SERVER, table: `${name}-tickets` };
  }

  function fakeServices(): Record<string, unknown> {
    const mapping = { recordsDelivered: 7, batchesFailed: 2, iteratorAgeMs: 30, lastError: "cut" };
    return {
      route53: {
        resolve: (name: string) => (answers[name] ? [{ type: "A", data: answers[name] }] : []),
        healthChecks: () => [
          {
            name: "ireland",
            target: "https://ireland.tickets.test/health",
            kind: "endpoint",
            inverted: false,
            healthy: true,
          },
        ],
      },
      mappings: {
        statistics: () => [
          {
            ...mapping,
            name: "singapore-to-ireland",
            sourceRegion: "ap-southeast-1",
            onFailureArn: undefined,
          },
          {
            ...mapping,
            name: "ireland-to-singapore",
            sourceRegion: "eu-west-1",
            onFailureArn: "arn:aws:s3:::failed",
          },
        ],
      },
      sqs: { totalDepth: async (code: string) => (code === "eu-west-1" ? 3 : 0) },
      s3: { objectCount: async (arn: string) => (arn === "arn:aws:s3:::failed" ? 4 : -1) },
    };
  }

  it("includes both regions with their role, and no count for a table that does not respond", async () => {
    regions.setState("singapore", "isolated");
    const state = await collectState(sources);
    assert.deepEqual(state.regions, [
      {
        ...regionAddresses("ireland"),
        name: "ireland",
        code: "eu-west-1",
        state: "up",
        role: "primary",
        tickets: undefined,
        takenOver: undefined,
      },
      {
        ...regionAddresses("singapore"),
        name: "singapore",
        code: "ap-southeast-1",
        state: "isolated",
        role: "secondary",
        tickets: undefined,
        takenOver: undefined,
      },
    ]);
    assert.deepEqual([state.stack, state.domain, state.speed], ["ireland", "tickets.test", 5]);
  });

  it("includes the current DNS answers with their region", async () => {
    assert.deepEqual((await collectState(sources)).names, [
      { name: "api.tickets.test", answer: "127.0.0.12", region: "singapore", isEdge: false },
      { name: "app.tickets.test", answer: "127.0.0.10", region: undefined, isEdge: true },
      { name: "gone.tickets.test", answer: "no answer", region: undefined, isEdge: false },
    ]);
  });

  it("includes a health check before its first result", async () => {
    assert.deepEqual((await collectState(sources)).healthChecks, [
      {
        name: "ireland",
        target: "https://ireland.tickets.test/health",
        healthy: true,
        lastResult: "not checked yet",
        about: "health",
        means: "healthy",
      },
    ]);
  });

  it("reads takeovers from the regions' own routing items", async () => {
    const event = { by: "ada", at: "2026-01-01T00:00:00.000Z", reason: "drill" };
    const takeover = changedItem("ap-southeast-1", undefined, { what: "takeover", ...event });
    let item: object | undefined = takeover;
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ Count: 0, Item: item && toImage(item) }));
    });
    const port = await listen(server, { port: 0, purpose: "a table" });
    Object.assign(sources.addresses.regions.singapore, { dynamodb: `http://127.0.0.1:${port}` });
    const takenOver = async (): Promise<unknown> =>
      (await collectState(sources)).regions.map((region) => region.takenOver);
    try {
      assert.deepEqual(await takenOver(), [undefined, true]);
      item = changedItem("ap-southeast-1", takeover, { what: "failback", ...event });
      assert.deepEqual(await takenOver(), [undefined, false]);
      item = undefined;
      assert.deepEqual(await takenOver(), [undefined, false]);
      item = { ...takeover, origin: "eu-west-1", events: "nonsense" };
      assert.deepEqual(await takenOver(), [undefined, undefined], "takeover of a forged item");
      item = takeover;
      regions.setState("singapore", "down");
      assert.deepEqual(await takenOver(), [undefined, undefined]);
    } finally {
      await closeServer(server);
    }
  });

  it("includes both directions of replication in a fixed order, with quarantined records and on-failure objects", async () => {
    const common = { ...MEASURED, delivered: 7, failedBatches: 2, lagMs: 30, lastError: "cut" };
    assert.deepEqual((await collectState(sources)).replication, [
      { ...common, from: "ireland", to: "singapore", quarantined: 3, onFailure: 4 },
      { ...common, from: "singapore", to: "ireland", quarantined: 0, onFailure: 0 },
    ]);
  });

  it("counts no objects in a failure bucket that is deleted before its mapping changes", async () => {
    const objectCount = async (): Promise<number> => {
      throw new Error("NoSuchBucket: the bucket failed does not exist.");
    };
    Object.assign(sources.services, { s3: { objectCount } });
    const { replication } = await collectState(sources);
    assert.deepEqual(
      replication.map(({ onFailure }) => onFailure),
      [0, 0],
    );
  });

  it("includes the events and the local gateway", async () => {
    const { events, frontDoor } = await collectState(sources);
    assert.deepEqual(
      events.map(({ text }) => text),
      ["The local cloud is running."],
    );
    assert.deepEqual(frontDoor, { "api.tickets.test": "http://api.localhost:1" });
  });
});
