import assert from "node:assert/strict";
import { redriveObjects } from "../../../operations/redrive/failure-objects";
import { redriveQueue } from "../../../operations/redrive/quarantine-queue";
import type { ReplayContext } from "../../../operations/redrive/replay";
import { idOf, NOW, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";
import { MemoryObjects, MemoryQueue } from "../support/memory-queue";
import type { MemorySide } from "../support/memory-side";
import { failure, message, record, Replays } from "./support/replays";

describe("redrive", () => {
  let target: MemorySide;
  let contextOf: (options?: Partial<ReplayContext>) => ReplayContext;
  beforeEach(() => {
    const replays = new Replays();
    target = replays.target;
    contextOf = (options) => replays.context(options);
  });

  const counts = ({ summary }: ReplayContext): number[] => [summary.applied, summary.stale, summary.failing];

  describe("of a quarantine queue", () => {
    const poison = [
      message(record(11, { version: "yesterday" })),
      message(record(12, { origin: SINGAPORE })),
      message(record(13, { version: versionAt(10 * 60_000) })),
      message(record(14, { id: undefined })),
      "not JSON",
      "null",
      JSON.stringify({ record: "none" }),
    ];

    it("applies and deletes the messages that can be applied, and releases the others", async () => {
      target.put(ticketItem({ id: idOf(2), version: versionAt(9) }));
      const queue = new MemoryQueue(message(record(1)), ...poison, message(record(2)), message(record(3)));
      const context = contextOf();
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual(counts(context), [2, 1, poison.length]);
      assert.deepEqual([...queue.bodies.values()], poison);
      assert.equal(queue.visible().length, poison.length);
      assert.deepEqual([...target.items.keys()].sort(), [idOf(1), idOf(2), idOf(3)]);
      const reasons = context.summary.failures.join("\n");
      for (const reason of [
        /no valid version/,
        /must not be replicated from here/,
        /5 minutes ahead/,
        /no string id/,
        /message m6: The message holds no quarantined record/,
      ])
        assert.match(reasons, reason);
    });

    it("finds only failing messages in a second run", async () => {
      const queue = new MemoryQueue(message(record(1)), poison[0]);
      await redriveQueue(queue, "quarantine", contextOf());
      const second = contextOf();
      await redriveQueue(queue, "quarantine", second);
      assert.deepEqual(counts(second), [0, 0, 1]);
      assert.equal(target.writes, 1);
    });

    it("changes and hides nothing in a dry run", async () => {
      const queue = new MemoryQueue(message(record(1)), ...poison, message(record(2)));
      const bodies = new Map(queue.bodies);
      const context = contextOf({
        dryRun: true,
        apply: async () => ({ result: "applied", conflict: false }),
      });
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual(counts(context), [2, 0, poison.length]);
      assert.deepEqual(queue.bodies, bodies);
      assert.equal(queue.visible().length, bodies.size);
    });

    it("keeps a message whose record can never be applied", async () => {
      target.beforeApply = () => {
        throw Object.assign(new Error("Too large"), { name: "ValidationException" });
      };
      const queue = new MemoryQueue(message(record(1)));
      const context = contextOf();
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual([counts(context), queue.visible()], [[0, 0, 1], ["m1"]]);
    });

    it("keeps a record older than the retention of tombstones", async () => {
      const queue = new MemoryQueue(message(record(1, { version: versionAt(-31 * 24 * 60 * 60_000) })));
      const context = contextOf();
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual(counts(context), [0, 0, 1]);
      assert.match(context.summary.failures[0], /older than the retention of tombstones/);
    });

    it("uses the stream's timestamp of a record if the clock of this machine is behind", async () => {
      const hour = 60 * 60_000;
      const early = record(1, { version: versionAt(hour) });
      const now = { ...early.dynamodb, ApproximateCreationDateTime: (NOW + hour) / 1000 };
      const queue = new MemoryQueue(message(early), message({ ...early, dynamodb: now }));
      const context = contextOf();
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual([counts(context), queue.visible()], [[1, 0, 1], ["m1"]]);
      assert.match(context.summary.failures[0], /it can be applied from 2025-11-23T14:15:00\.000Z\.$/);
    });

    it("stops if the other region is unavailable, and releases the remaining messages", async () => {
      target.beforeApply = ({ id }) => {
        if (id.S === idOf(2)) throw Object.assign(new Error("Lost"), { name: "TimeoutError" });
      };
      const queue = new MemoryQueue(...[1, 2, 3, 4, 5, 6].map((number) => message(record(number))));
      const context = contextOf();
      await assert.rejects(redriveQueue(queue, "quarantine", context), { name: "TimeoutError" });
      assert.equal(queue.bodies.has("m2"), true);
      for (const number of [1, 2, 3, 4, 5, 6])
        assert.equal(target.items.has(idOf(number)) || queue.visible().includes(`m${number}`), true);
    });

    it("replays each message once, although some are received again", async () => {
      const queue = new MemoryQueue(...poison);
      queue.afterReceive = () => queue.hidden.delete("m1");
      const context = contextOf();
      await redriveQueue(queue, "quarantine", context);
      assert.equal(context.summary.failing, poison.length);
      assert.equal(queue.visible().length, poison.length);
    });

    it("stops between messages when the signal is aborted", async () => {
      const stop = new AbortController();
      const queue = new MemoryQueue(...[1, 2, 3, 4, 5, 6].map((number) => message(record(number))));
      queue.afterReceive = () => stop.abort();
      const context = contextOf({ signal: stop.signal });
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual([target.writes, queue.visible().length], [3, 3]);
    });
  });

  describe("of failure objects", () => {
    it("deletes an object if each of its records is applied or stale", async () => {
      target.put(ticketItem({ id: idOf(2), version: versionAt(9) }));
      const older = record(3, { subject: "Older" });
      const newer = record(3, { subject: "Newer", version: versionAt(5) });
      const objects = new MemoryObjects({ one: failure(record(1), record(2)), two: failure(newer, older) });
      const context = contextOf();
      await redriveObjects(objects, "failures", context);
      assert.deepEqual(counts(context), [2, 2, 0]);
      assert.equal(objects.texts.size, 0);
      assert.equal(target.items.get(idOf(3))?.subject.S, "Newer");
    });

    it("keeps an object if one of its records still fails", async () => {
      const text = failure(record(1), record(2, { version: "yesterday" }), record(3));
      const objects = new MemoryObjects({ one: text });
      for (const expected of [
        [2, 0, 1],
        [0, 2, 1],
      ]) {
        const context = contextOf();
        await redriveObjects(objects, "failures", context);
        assert.deepEqual(counts(context), expected);
        assert.equal(objects.texts.get("one"), text);
      }
    });

    it("keeps an object that is not the record of a failed invocation", async () => {
      const texts = {
        a: "not JSON",
        b: "null",
        c: "{}",
        d: JSON.stringify({ payload: JSON.stringify({ Records: [] }) }),
      };
      const objects = new MemoryObjects(texts);
      const context = contextOf();
      await redriveObjects(objects, "failures", context);
      assert.deepEqual(counts(context), [0, 0, 4]);
      assert.equal(objects.texts.size, 4);
    });

    it("deletes nothing in a dry run", async () => {
      const objects = new MemoryObjects({ one: failure(record(1)) });
      await redriveObjects(objects, "failures", contextOf({ dryRun: true }));
      assert.equal(objects.texts.size, 1);
    });

    it("keeps the object if the other region is unavailable", async () => {
      target.beforeApply = () => {
        throw Object.assign(new Error("Lost"), { name: "TimeoutError" });
      };
      const objects = new MemoryObjects({ one: failure(record(1)) });
      await assert.rejects(redriveObjects(objects, "failures", contextOf()), { name: "TimeoutError" });
      assert.equal(objects.texts.size, 1);
    });
  });
});
