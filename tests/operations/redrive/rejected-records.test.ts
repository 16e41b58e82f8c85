import assert from "node:assert/strict";
import { redriveObjects } from "../../../operations/redrive/failure-objects";
import { redriveQueue } from "../../../operations/redrive/quarantine-queue";
import { summaryLines } from "../../../operations/redrive/summary";
import { FORGED_IDS, forgedItem } from "../../support/forged-items";
import { inserted } from "../../../testing/stream-records";
import { MemoryObjects, MemoryQueue } from "../support/memory-queue";
import { failure, message, Replays } from "./support/replays";

const RECORDS = FORGED_IDS.map((id, index) => inserted(forgedItem(id), index + 1));

describe("redrive of records of items that may not cross regions", () => {
  let replays: Replays;
  beforeEach(() => (replays = new Replays()));

  it("applies none of a queue, keeps them and reports them in the summary", async () => {
    const queue = new MemoryQueue(...RECORDS.map(message));
    const context = replays.context();
    await redriveQueue(queue, "quarantine", context);
    const { summary } = context;
    assert.deepEqual(
      [summary.applied, summary.rejected, summary.failing],
      [0, RECORDS.length, RECORDS.length],
    );
    assert.equal(replays.target.writes, 0);
    assert.equal(queue.visible().length, RECORDS.length);
    const lines = summaryLines(summary, false).join("\n");
    assert.match(lines, new RegExp(`${RECORDS.length} of them are of items that may not cross regions`));
    assert.doesNotMatch(lines.replace(/\n/g, ""), /[\p{Cc}\p{Cf}]/u);
  });

  it("applies none of an object, and does not settle them by equal forged items in both regions", async () => {
    for (const id of FORGED_IDS) replays.putInBoth(forgedItem(id));
    const objects = new MemoryObjects({ one: failure(...RECORDS) });
    const context = replays.context();
    await redriveObjects(objects, "failures", context);
    assert.deepEqual([context.summary.settled, context.summary.failing], [0, RECORDS.length]);
    assert.equal(objects.texts.size, 1);
  });

  it("prints each in full and removes it with --discard", async () => {
    const queue = new MemoryQueue(...RECORDS.map(message));
    await redriveQueue(queue, "quarantine", replays.context({ discard: "forged" }));
    assert.equal(queue.visible().length, 0);
    assert.deepEqual(
      replays.printed.map((line) => JSON.parse(line).record.dynamodb.Keys.id.S).sort(),
      [...FORGED_IDS].sort(),
    );
  });
});
