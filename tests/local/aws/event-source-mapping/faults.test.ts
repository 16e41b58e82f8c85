import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "../../../support/wait-for";
import type { Fault } from "./fake-aws";
import { FUNCTION_ERROR, MappingFixture, STREAM, SUCCESS } from "./mapping-fixture";

describe("An event source mapping with faults", () => {
  let fixture: MappingFixture;
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "mapping-test-"));
    fixture = await new MappingFixture().start(directory);
  });
  afterEach(async () => {
    await fixture.stop();
    await rm(directory, { recursive: true });
  });

  const write = (...ids: string[]): void => ids.forEach((id) => fixture.aws.write(id));
  const statistics = () => fixture.mappings.statistics()[0];
  const logged = (text: string): number => fixture.logged.filter((line) => line.includes(text)).length;
  const calls = (operation: string): number => fixture.aws.calls.filter((call) => call === operation).length;

  const faults: [string, string, Fault][] = [
    ["the endpoint drops every connection", "", "drop"],
    [
      "GetRecords is throttled",
      "GetRecords",
      { status: 400, type: "ProvisionedThroughputExceededException" },
    ],
    ["the stream cannot be described", "DescribeStream", { status: 500, type: "InternalServerError" }],
    ["its iterator has expired", "GetRecords", { status: 400, type: "ExpiredIteratorException" }],
  ];
  for (const [what, operation, fault] of faults)
    it(`loses nothing while ${what}`, async () => {
      await fixture.map();
      write("a");
      await fixture.expectBatches([["a"]]);
      fixture.aws.fault = (called) => (called.startsWith(operation) ? fault : undefined);
      const before = fixture.aws.calls.length;
      write("b", "c");
      await waitFor(
        () => fixture.aws.calls.slice(before).filter((call) => call.startsWith(operation)).length > 2,
        {
          what: "some tries",
        },
      );
      fixture.aws.fault = () => undefined;
      await fixture.expectBatches([["a"], ["b", "c"]]);
    });

  it("logs once that its role may not read the stream, and retries", async () => {
    fixture.aws.fault = () => ({ status: 400, type: "AccessDeniedException" });
    await fixture.map();
    await waitFor(() => fixture.aws.calls.length > 2, { what: "some tries" });
    assert.deepEqual(fixture.logged, [
      "ireland replication: describing the stream failed and is retried: AccessDeniedException: no",
    ]);
    assert.equal(statistics().lastError, "AccessDeniedException: no");
    fixture.aws.fault = () => undefined;
    write("a");
    await fixture.expectBatches([["a"]]);
    assert.equal(logged("describing the stream works again"), 1);
  });

  it("pauses while its own region is down, and continues in order", async () => {
    fixture.handle = () => {
      if (fixture.batches.length > 1) return SUCCESS;
      fixture.regions.setState("ireland", "down");
      throw new Error("Region eu-west-1 is down.");
    };
    write("a");
    await fixture.map();
    await fixture.expectBatches([["a"]]);
    const statesWhenCalled = new Set<string>();
    fixture.aws.fault = () => void statesWhenCalled.add(fixture.regions.byName("ireland").state);
    write("b");
    // Long enough for a mapping that does not pause to make a call.
    await delay(50);
    fixture.regions.setState("ireland", "up");
    await fixture.expectBatches([["a"], ["a"], ["b"]]);
    assert.deepEqual([...statesWhenCalled], ["up"]);
    assert.deepEqual(fixture.logged, []);
  });

  it("continues after a restart where it stopped, even in the middle of a batch", async () => {
    fixture.handle = (ids) => (ids.includes("c") ? FUNCTION_ERROR : SUCCESS);
    write("a", "b", "c");
    await fixture.map({ batchSize: 4, bisectBatchOnFunctionError: true });
    await waitFor(() => fixture.batches.length === 5, { what: "a retry of the poison record" });
    await fixture.mappings.close();
    fixture.batches.length = 0;
    fixture.handle = () => SUCCESS;
    await fixture.start(directory);
    await fixture.map();
    await fixture.expectBatches([["c"]]);
  });

  it("does not wait for a running function when it is closed", async () => {
    fixture.handle = () => new Promise(() => {});
    write("a");
    await fixture.map();
    await fixture.expectBatches([["a"]]);
    await fixture.mappings.close();
    assert.equal(statistics().recordsDelivered, 0);
  });

  it("starts at the beginning of another stream, and reports damaged checkpoints", async () => {
    write("a");
    const { id } = await fixture.map();
    await fixture.expectBatches([["a"]]);
    await waitFor(() => statistics().recordsDelivered === 1, { what: "the delivery" });
    await fixture.mappings.close();
    await fixture.start(directory);
    await fixture.map({ eventSourceArn: `${STREAM}-new` });
    await fixture.expectBatches([["a"], ["a"]]);
    await fixture.mappings.close();
    assert.deepEqual(await readdir(directory), [`${id}.json`]);
    await writeFile(join(directory, `${id}.json`), "{");
    await fixture.start(directory);
    await assert.rejects(fixture.map(), new RegExp(`The checkpoints in .*${id}\\.json are damaged`));
  });

  it("reads a parent shard to its end before its children", async () => {
    fixture.aws.addShard("shardId-2", "shardId-1");
    fixture.aws.write("child", {}, "shardId-2");
    write("a");
    await fixture.map();
    await fixture.expectBatches([["a"]]);
    write("b");
    const parent = fixture.aws.shards.get("shardId-1");
    assert.ok(parent);
    parent.closed = true;
    await fixture.expectBatches([["a"], ["b"], ["child"]]);
  });

  it("reads only new records with LATEST, and child shards from their beginning", async () => {
    const closed = fixture.aws.shards.get("shardId-1");
    assert.ok(closed);
    write("old");
    closed.closed = true;
    fixture.aws.addShard("shardId-2", "shardId-1");
    fixture.aws.write("old too", {}, "shardId-2");
    await fixture.map({ startingPosition: "LATEST" });
    await waitFor(() => calls("GetRecords") > 0, { what: "the first read" });
    fixture.aws.write("new", {}, "shardId-2");
    await fixture.expectBatches([["new"]]);
    fixture.aws.addShard("shardId-3", "shardId-2");
    fixture.aws.write("newer", {}, "shardId-3");
    const parent = fixture.aws.shards.get("shardId-2");
    assert.ok(parent);
    parent.closed = true;
    await fixture.expectBatches([["new"], ["newer"]]);
  });
});
