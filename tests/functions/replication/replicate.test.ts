import assert from "node:assert/strict";
import type { DynamoDBRecord } from "aws-lambda";
import { replicateBatch } from "../../../functions/replication/replicate";
import { captureLogs } from "../../support/logs";
import { inserted, streamRecordOf } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";
import { ReplicationFakes, replicationFakes } from "./replication-fakes";

describe("replicateBatch", () => {
  const logs = captureLogs();
  let fakes: ReplicationFakes;
  beforeEach(() => (fakes = replicationFakes()));

  const replicate = async (...records: DynamoDBRecord[]): Promise<string[]> => {
    const { batchItemFailures } = await replicateBatch(fakes.context, records);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };

  it("applies a batch to the other region", async () => {
    assert.deepEqual(await replicate(write(1, 1, 10), write(2, 2, 20)), []);
    assert.deepEqual(
      [fakes.target.version(idOf(1)), fakes.target.version(idOf(2))],
      [versionAt(10), versionAt(20)],
    );
  });

  it("logs a batch in one line", async () => {
    fakes.target.store(ticketItem({ id: idOf(2), version: versionAt(99) }));
    await replicate(write(1, 1, 10), write(2, 2, 20), write(3, 1, 30), malformed(4));
    const [{ records, items, applied, stale, conflicts, quarantined, failed }] = logs.lines;
    assert.deepEqual([records, items, applied, stale, conflicts, quarantined, failed], [4, 2, 1, 1, 0, 1, 0]);
    assert.equal(logs.lines.length, 1);
  });

  it("logs the version of every write of a batch with its result", async () => {
    fakes.target.store(ticketItem({ id: idOf(2), version: versionAt(99) }));
    await replicate(write(1, 1, 10), write(2, 2, 20), write(3, 1, 30));
    assert.deepEqual(logs.lines[0].writes, [
      { item: idOf(2), version: versionAt(20), result: "stale" },
      { item: idOf(1), version: versionAt(30), result: "applied" },
      { item: idOf(1), version: versionAt(10), result: "replaced" },
    ]);
  });

  it("logs a warning with the item and the reason if a record was quarantined", async () => {
    await replicate(write(1, 1, 10));
    await replicate(malformed(2));
    const [calm, warning] = logs.lines;
    assert.deepEqual([calm.level, calm.setAside], ["INFO", undefined]);
    const message = "The item has no valid version.";
    assert.equal(warning.level, "WARN");
    assert.deepEqual(warning.setAside, [
      { item: idOf(9), place: "queue", error: "MalformedRecord", message },
    ]);
  });

  it("writes each item once, with its newest version, in any order of records", async () => {
    assert.deepEqual(await replicate(write(1, 1, 30), write(2, 1, 10), write(3, 1, 20)), []);
    assert.deepEqual(fakes.asked(), [versionAt(30)]);
  });

  it("counts a write as stale if the other region has it or a newer one", async () => {
    const seen = { [IRELAND]: versionAt(20) };
    const newer = { id: idOf(2), version: versionAt(50, SINGAPORE), origin: SINGAPORE, seen };
    fakes.target.store(ticketItem({ id: idOf(1), version: versionAt(10) }));
    fakes.target.store(ticketItem(newer));
    assert.deepEqual(await replicate(write(1, 1, 10), write(2, 2, 20)), []);
    assert.equal(fakes.target.version(idOf(2)), versionAt(50, SINGAPORE));
    assert.deepEqual(fakes.quarantined, []);
  });

  it("applies tombstones", async () => {
    await replicate(inserted(tombstone({ version: versionAt(10) }), 1));
    assert.equal(fakes.target.version(tombstone().id), versionAt(10));
  });

  it("ignores writes of the other region, removals by TTL and canary writes", async () => {
    const foreign = inserted(ticketItem({ origin: SINGAPORE }), 1);
    const removal = streamRecordOf({ before: tombstone(), after: undefined }, 2);
    const canary = inserted({ id: "canary-eu-west-1", checkedAt: 1 }, 3);
    assert.deepEqual(await replicate(foreign, removal, canary), []);
    assert.deepEqual([fakes.asked(), fakes.quarantined], [[], []]);
  });

  it("accepts an empty batch", async () => assert.deepEqual(await replicate(), []));
});

describe("Record that can never be applied", () => {
  captureLogs();
  let fakes: ReplicationFakes;
  beforeEach(() => (fakes = replicationFakes()));

  it("is quarantined if it is malformed, while the others are applied", async () => {
    const { batchItemFailures } = await replicateBatch(fakes.context, [malformed(1), write(2, 2, 20)]);
    assert.deepEqual(batchItemFailures, []);
    assert.equal(fakes.quarantined[0].reason.error, "MalformedRecord");
    assert.deepEqual(fakes.quarantined[0].record, malformed(1));
    assert.equal(fakes.target.version(idOf(2)), versionAt(20));
  });

  it("is quarantined if its version is more than five minutes ahead of the clock", async () => {
    const fiveMinutes = 5 * 60_000;
    await replicateBatch(fakes.context, [write(1, 1, fiveMinutes), write(2, 2, fiveMinutes + 1)]);
    assert.deepEqual(fakes.asked(), [versionAt(fiveMinutes)]);
    assert.deepEqual(
      fakes.quarantined.map(({ reason }) => reason.error),
      ["VersionTooFarAhead"],
    );
  });

  it("is quarantined if the target rejects it as invalid, and the item's next older record is applied", async () => {
    fakes.targetErrors.set(versionAt(30), "ValidationException");
    const batch = [write(1, 1, 10), write(2, 1, 20), write(3, 1, 30)];
    assert.deepEqual((await replicateBatch(fakes.context, batch)).batchItemFailures, []);
    assert.deepEqual(fakes.asked(), [versionAt(30), versionAt(20)]);
    assert.equal(fakes.target.version(idOf(1)), versionAt(20));
    const [{ record, reason }] = fakes.quarantined;
    assert.deepEqual(record, batch[2]);
    assert.deepEqual(reason, { error: "ValidationException", message: "The target refused." });
  });

  it("is retried if the quarantine fails, while the others are applied", async () => {
    fakes.quarantineFails = true;
    const { batchItemFailures } = await replicateBatch(fakes.context, [write(1, 1, 10), malformed(2)]);
    assert.deepEqual(fakes.asked(), [versionAt(10)]);
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "2" }]);
  });

  it("is retried alone if an older record of the item was applied in its place", async () => {
    fakes.targetErrors.set(versionAt(30), "ValidationException");
    fakes.quarantineFails = true;
    const batch = [write(1, 2, 10), write(2, 1, 20), write(3, 1, 30)];
    const { batchItemFailures } = await replicateBatch(fakes.context, batch);
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "3" }]);
    assert.equal(fakes.target.version(idOf(1)), versionAt(20));
  });

  it("is sent to an unavailable quarantine once per batch, not once per record", async () => {
    let offered = 0;
    const add = async (): Promise<never> => {
      offered++;
      throw new Error("The queue is away.");
    };
    const context = { ...fakes.context, quarantine: { add } };
    const { batchItemFailures } = await replicateBatch(context, [malformed(3), malformed(1), malformed(2)]);
    assert.deepEqual([offered, batchItemFailures], [1, [{ itemIdentifier: "1" }]]);
  });

  it("is quarantined once, however often an earlier record of the batch fails", async () => {
    fakes.targetErrors.set(versionAt(10), "ThrottlingException").set(versionAt(30), "ValidationException");
    const batch = [malformed(1), write(2, 1, 10), malformed(3), write(4, 2, 30)];
    for (let attempt = 0; attempt < 3; attempt++) {
      const { batchItemFailures } = await replicateBatch(fakes.context, batch.slice(attempt > 0 ? 1 : 0));
      assert.deepEqual(batchItemFailures, [{ itemIdentifier: "2" }]);
    }
    assert.deepEqual(numbersOf(fakes), ["1"]);
    fakes.targetErrors.delete(versionAt(10));
    assert.deepEqual((await replicateBatch(fakes.context, batch.slice(1))).batchItemFailures, []);
    assert.deepEqual(numbersOf(fakes), ["1", "3", "4"]);
  });
});

function numbersOf({ quarantined }: ReplicationFakes): (string | undefined)[] {
  return quarantined.map(({ record }) => record.dynamodb?.SequenceNumber);
}

/** Returns the stream record of a write in Ireland, with its time relative to `NOW`. */
function write(sequenceNumber: number, item: number, milliseconds: number): DynamoDBRecord {
  return inserted(ticketItem({ id: idOf(item), version: versionAt(milliseconds) }), sequenceNumber);
}

function malformed(sequenceNumber: number): DynamoDBRecord {
  return inserted(ticketItem({ id: idOf(9), version: "yesterday" }), sequenceNumber);
}
