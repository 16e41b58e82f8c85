import assert from "node:assert/strict";
import { redriveObjects } from "../../../operations/redrive/failure-objects";
import { redriveQueue } from "../../../operations/redrive/quarantine-queue";
import { idOf, NOW, ticketItem, versionAt } from "../../../testing/tickets";
import { MemoryObjects, MemoryQueue } from "../support/memory-queue";
import { counts, failure, message, record, Replays } from "./support/replays";

const HOUR = 60 * 60_000;

describe("redrive --discard", () => {
  const poison = record(1, { version: "rubbish" });
  const discard = "a test of ours";

  let replays: Replays;
  beforeEach(() => {
    replays = new Replays();
  });
  const printed = (): Record<string, unknown>[] => replays.printed.map((line) => JSON.parse(line));

  it("prints each record in full with operator, time and reason before it removes it", async () => {
    const queue = new MemoryQueue(message(poison));
    const atRemoval: number[] = [];
    const { delete: remove } = queue;
    queue.delete = (one) => {
      atRemoval.push(replays.printed.length);
      return remove.call(queue, one);
    };
    const context = replays.context({ discard });
    await redriveQueue(queue, "quarantine", context);
    assert.deepEqual([counts(context), queue.bodies.size, atRemoval], [{ discarded: 1 }, 0, [1]]);
    assert.deepEqual(printed(), [
      {
        timestamp: new Date(NOW).toISOString(),
        event: "discard",
        stack: "ireland",
        where: "quarantine, message m1",
        id: idOf(1),
        by: "operator aoife",
        reason: discard,
        because:
          "The item has no valid version. Neither region has the item. To remove the record, use --discard.",
        record: JSON.parse(JSON.stringify(poison)),
      },
    ]);
  });

  it("applies records that can be applied, and removes settled ones as settled", async () => {
    replays.putInBoth(ticketItem({ id: idOf(3) }));
    const queue = new MemoryQueue(
      message(poison),
      message(record(2)),
      message(record(3, { version: "rubbish" })),
    );
    const context = replays.context({ discard });
    await redriveQueue(queue, "quarantine", context);
    assert.deepEqual(counts(context), { applied: 1, settled: 1, discarded: 1 });
    assert.deepEqual(
      printed()
        .map(({ event, id }) => [event, id])
        .sort(),
      [
        ["discard", idOf(1)],
        ["settle", idOf(3)],
      ],
    );
    assert.equal(queue.bodies.size, 0);
  });

  it("removes messages and objects without a record", async () => {
    const queue = new MemoryQueue("not JSON");
    const objects = new MemoryObjects({ a: "{}" });
    const context = replays.context({ discard });
    await redriveQueue(queue, "quarantine", context);
    await redriveObjects(objects, "failures", context);
    assert.deepEqual([counts(context), queue.bodies.size, objects.texts.size], [{ discarded: 2 }, 0, 0]);
    assert.deepEqual(
      printed().map(({ record: content }) => content),
      ["not JSON", "{}"],
    );
  });

  it("keeps records that fail temporarily, and removes nothing without printing it", async () => {
    replays.target.beforeApply = () => {
      throw Object.assign(new Error("Lost"), { name: "TimeoutError" });
    };
    const queue = new MemoryQueue(message(record(2)));
    const objects = new MemoryObjects({ one: failure(poison, record(2)) });
    await assert.rejects(redriveQueue(queue, "quarantine", replays.context({ discard })), {
      name: "TimeoutError",
    });
    await assert.rejects(redriveObjects(objects, "failures", replays.context({ discard })), {
      name: "TimeoutError",
    });
    assert.deepEqual([queue.visible(), objects.texts.size, replays.printed], [["m1"], 1, []]);
  });

  it("keeps a record and its object while a table cannot be read", async () => {
    replays.target.beforeGet = (id) => {
      if (id === idOf(1)) throw Object.assign(new Error("Lost"), { name: "TimeoutError" });
    };
    const queue = new MemoryQueue(message(poison));
    const objects = new MemoryObjects({ one: failure(poison, record(3, { version: "rubbish" })) });
    const context = replays.context({ discard });
    await redriveQueue(queue, "quarantine", context);
    await redriveObjects(objects, "failures", context);
    assert.deepEqual([counts(context), queue.visible(), objects.texts.size], [{ failing: 3 }, ["m1"], 1]);
    assert.deepEqual(replays.printed, []);
  });

  it("keeps a record whose future version becomes valid within a day", async () => {
    const queue = new MemoryQueue(
      message(record(1, { version: versionAt(HOUR) })),
      message(record(2, { version: versionAt(48 * HOUR) })),
    );
    const context = replays.context({ discard });
    await redriveQueue(queue, "quarantine", context);
    assert.deepEqual([counts(context), queue.visible()], [{ discarded: 1, failing: 1 }, ["m1"]]);
    assert.match(context.summary.failures[0], /it can be applied from 2025-11-23T14:15:00\.000Z\.$/);
  });

  it("removes nothing in a dry run, and prints what it would remove", async () => {
    const queue = new MemoryQueue(message(poison));
    const objects = new MemoryObjects({ one: failure(poison) });
    const context = replays.context({ discard, dryRun: true });
    await redriveQueue(queue, "quarantine", context);
    await redriveObjects(objects, "failures", context);
    assert.deepEqual([counts(context), queue.visible(), objects.texts.size], [{ discarded: 2 }, ["m1"], 1]);
    assert.deepEqual(
      printed().map(({ event }) => event),
      ["would discard", "would discard"],
    );
  });
});
