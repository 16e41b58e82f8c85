import assert from "node:assert/strict";
import { waitFor } from "../../../support/wait-for";
import { FUNCTION_ERROR, MappingFixture, SUCCESS } from "./mapping-fixture";

const IDS = Array.from({ length: 40 }, (_, index) => `ticket-${index}`);

describe("An event source mapping of a stream with several shards", () => {
  let fixture: MappingFixture;
  beforeEach(async () => {
    fixture = new MappingFixture();
    for (const shard of ["shardId-1", "shardId-2", "shardId-3", "shardId-4"]) fixture.aws.addShard(shard);
    await fixture.start();
  });
  afterEach(() => fixture.stop());

  const delivered = (count: number): Promise<unknown> =>
    waitFor(() => fixture.mappings.statistics()[0].recordsDelivered === count, { what: `${count} records` });

  it("delivers every shard, one of which cannot be delivered", async () => {
    await fixture.map();
    fixture.handle = (ids) => (ids.includes("poison") ? FUNCTION_ERROR : SUCCESS);
    fixture.aws.write("poison", {}, "shardId-2");
    fixture.aws.write("behind", {}, "shardId-2");
    for (const shard of ["shardId-1", "shardId-3", "shardId-4"]) fixture.aws.write(shard, {}, shard);
    await delivered(3);
    assert.ok(!fixture.batches.some((ids) => ids.includes("behind") && !ids.includes("poison")));
  });

  it("delivers nothing of a blocked shard, reports its age, and delivers it afterwards", async () => {
    fixture.mappings.blockShard("eu-west-1", 2, true);
    assert.equal(fixture.mappings.isBlocked("eu-west-1", 2), true);
    await fixture.map();
    for (const shard of ["shardId-3", "shardId-1"]) fixture.aws.write(shard, {}, shard);
    await fixture.expectBatches([["shardId-1"]]);
    await delivered(1);
    await waitFor(() => fixture.mappings.statistics()[0].iteratorAgeMs > 0, { what: "an age" });
    fixture.mappings.blockShard("eu-west-1", 2, false);
    await fixture.expectBatches([["shardId-1"], ["shardId-3"]]);
  });
});

describe("An event source mapping with a parallelization factor", () => {
  let fixture: MappingFixture;
  /** Ends the invocations that wait. */
  let release: () => void;
  let running = 0;
  let mostRunning = 0;
  beforeEach(async () => {
    fixture = await new MappingFixture().start();
    running = mostRunning = 0;
    const released = new Promise<void>((resolve) => (release = resolve));
    fixture.handle = async () => {
      mostRunning = Math.max(mostRunning, ++running);
      await released;
      running--;
      return SUCCESS;
    };
  });
  afterEach(async () => {
    release();
    await fixture.stop();
  });

  const write = (...ids: string[]): void => ids.forEach((id) => fixture.aws.write(id));
  const delivered = (count: number): Promise<unknown> =>
    waitFor(() => fixture.mappings.statistics()[0].recordsDelivered === count, { what: `${count} records` });

  it("delivers one batch per shard at a time without a factor", async () => {
    write(...IDS);
    await fixture.map({ batchSize: 2 });
    await fixture.expectBatches([[IDS[0], IDS[1]]]);
    release();
    await delivered(IDS.length);
    assert.equal(mostRunning, 1);
    assert.deepEqual(fixture.batches.flat(), IDS);
  });

  it("delivers as many batches of a shard as the factor, those of one item in order", async () => {
    write(...IDS, ...IDS);
    await fixture.map({ batchSize: 1, parallelizationFactor: 3 });
    await waitFor(() => running === 3, { what: "three invocations" });
    release();
    await delivered(2 * IDS.length);
    assert.equal(mostRunning, 3);
    const sequences = new Map<string, string[]>();
    for (const { Records } of fixture.events)
      for (const { dynamodb } of Records) {
        const { id } = dynamodb.Keys as { id: { S: string } };
        sequences.set(id.S, [...(sequences.get(id.S) ?? []), String(dynamodb.SequenceNumber)]);
      }
    for (const found of sequences.values()) assert.deepEqual(found, [...found].sort());
    assert.deepEqual([...sequences.keys()].sort(), [...IDS].sort());
  });

  it("continues the other items of a shard, and keeps the position before the batch that fails", async () => {
    release();
    fixture.handle = (ids) => (ids.includes(IDS[0]) ? FUNCTION_ERROR : SUCCESS);
    write(...IDS);
    const made = await fixture.map({ batchSize: 1, parallelizationFactor: 10 });
    // The items that share the lane of the failing one wait behind it.
    await waitFor(() => fixture.mappings.statistics()[0].recordsDelivered > IDS.length / 2, { what: "most" });
    fixture.handle = () => SUCCESS;
    await fixture.change(made, { parallelizationFactor: 1 });
    await delivered(IDS.length);
    write("last");
    await delivered(IDS.length + 1);
    assert.deepEqual(fixture.batches.at(-1), ["last"]);
    const processed = fixture.batches.flat().filter((id) => id !== IDS[0]);
    assert.equal(new Set(processed).size, processed.length);
  });
});
