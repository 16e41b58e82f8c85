import assert from "node:assert/strict";
import type { DynamoDBRecord } from "aws-lambda";
import { replicateBatch } from "../../../functions/replication/replicate";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, ticketItem, versionAt } from "../../../testing/tickets";
import { ReplicationFakes, replicationFakes } from "./replication-fakes";

const PARALLEL_ITEMS = 50;

describe("replicateBatch after a transient failure", () => {
  const logs = captureLogs();
  let fakes: ReplicationFakes;
  beforeEach(() => (fakes = replicationFakes()));

  const replicate = async (records: readonly DynamoDBRecord[]): Promise<string[]> => {
    const { batchItemFailures } = await replicateBatch(fakes.context, records);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };

  it("returns the failed record, and no earlier one", async () => {
    fakes.targetErrors.set(versionAt(30), "ThrottlingException");
    assert.deepEqual(await replicate([write(1, 1, 10), write(2, 2, 20), write(3, 3, 30)]), ["3"]);
    assert.equal(fakes.target.version(idOf(2)), versionAt(20));
    assert.deepEqual(fakes.quarantined, []);
  });

  it("returns the lowest of several sequence numbers, compared as numbers", async () => {
    for (const at of [9, 10, 11]) fakes.targetErrors.set(versionAt(at), "TimeoutError");
    assert.deepEqual(await replicate([write(11, 1, 11), write(10, 2, 10), write(9, 3, 9)]), ["9"]);
  });

  it("returns the sequence number with its leading zeros, which Lambda compares as text", async () => {
    fakes.targetErrors.set(versionAt(20), "TimeoutError");
    const numbered = (record: DynamoDBRecord, SequenceNumber: string): DynamoDBRecord => ({
      ...record,
      dynamodb: { ...record.dynamodb, SequenceNumber },
    });
    const first = numbered(write(1, 1, 10), "000000000000000000009");
    const second = numbered(write(2, 2, 20), "0000000000000000000010");
    assert.deepEqual(await replicate([first, second]), ["0000000000000000000010"]);
  });

  it("starts no more items, and returns all of them", async () => {
    const batch = Array.from({ length: 60 }, (_, index) => write(index + 1, index + 1, index));
    fakes.targetErrors.set(versionAt(0), "InternalServerError");
    assert.deepEqual(await replicate(batch), ["1"]);
    assert.equal(fakes.asked().length, PARALLEL_ITEMS);
    fakes.targetErrors.clear();
    assert.deepEqual(await replicate(batch), []);
    assert.equal(fakes.target.images.size, 60);
  });

  it("also returns the older records of an item, so that one can take the place of an invalid newest one", async () => {
    const batch = [write(1, 1, 10), write(2, 2, 20), write(3, 1, 30)];
    fakes.targetErrors.set(versionAt(30), "ThrottlingException");
    assert.deepEqual(await replicate(batch), ["1"]);
    fakes.targetErrors.set(versionAt(30), "ValidationException");
    assert.deepEqual(await replicate(batch), []);
    assert.equal(fakes.target.version(idOf(1)), versionAt(10));
  });

  it("logs a warning with the reason", async () => {
    fakes.targetErrors.set(versionAt(10), "AccessDeniedException");
    await replicate([write(1, 1, 10)]);
    const reason = { error: "AccessDeniedException", kind: "access denied", message: "The target refused." };
    assert.deepEqual([logs.lines[0].level, logs.lines[0].failed, logs.lines[0].reason], ["WARN", 1, reason]);
  });

  it("logs the first of several reasons", async () => {
    fakes.targetErrors.set(versionAt(10), "ThrottlingException").set(versionAt(20), "TimeoutError");
    await replicate([write(1, 1, 10), write(2, 2, 20)]);
    assert.equal((logs.lines[0].reason as { error: string }).error, "ThrottlingException");
  });

  it("applies a write once if the failed call had taken effect", async () => {
    const { target } = fakes;
    const lostAnswer = async (...write: Parameters<typeof target.put>): Promise<never> => {
      await target.put(...write);
      throw Object.assign(new Error("The connection was reset."), { name: "TimeoutError" });
    };
    const [replace, refresh] = [target.replace.bind(target), target.refresh.bind(target)];
    const context = { ...fakes.context, target: { put: lostAnswer, replace, refresh } };
    const first = await replicateBatch(context, [write(1, 1, 10)]);
    assert.deepEqual(first.batchItemFailures, [{ itemIdentifier: "1" }]);
    assert.deepEqual(await replicate([write(1, 1, 10)]), []);
    assert.equal(logs.lines[1].stale, 1);
  });
});

function write(sequenceNumber: number, item: number, milliseconds: number): DynamoDBRecord {
  return inserted(ticketItem({ id: idOf(item), version: versionAt(milliseconds) }), sequenceNumber);
}
