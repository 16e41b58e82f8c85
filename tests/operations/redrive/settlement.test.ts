import assert from "node:assert/strict";
import type { DynamoDBRecord } from "aws-lambda";
import { redriveObjects } from "../../../operations/redrive/failure-objects";
import { redriveQueue } from "../../../operations/redrive/quarantine-queue";
import { streamRecordOf } from "../../../testing/stream-records";
import { idOf, NOW, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";
import { MemoryObjects, MemoryQueue } from "../support/memory-queue";
import { counts, failure, message, record, Replays } from "./support/replays";

const DAY = 24 * 60 * 60_000;

describe("redrive of a record that cannot be applied", () => {
  const id = idOf(1);
  const poison = record(1, { version: "rubbish" });
  const tooOld = record(1, { version: versionAt(-31 * DAY) });
  const repaired = ticketItem({ id, version: versionAt(-1000) });

  let replays: Replays;
  beforeEach(() => {
    replays = new Replays();
  });

  /** Redrives one message; returns its result, whether the message is left, and the first output line. */
  async function redrive(
    of: DynamoDBRecord,
    options: Parameters<Replays["context"]>[0] = {},
  ): Promise<{ readonly result: object; readonly left: boolean; readonly line: string }> {
    const queue = new MemoryQueue(message(of));
    const context = replays.context(options);
    await redriveQueue(queue, "quarantine", context);
    assert.equal(queue.visible().length, queue.bodies.size);
    const { notes, failures } = context.summary;
    return { result: counts(context), left: queue.bodies.size > 0, line: [...notes, ...failures][0] };
  }

  describe("removes it as settled if", () => {
    it("its item was repaired and is equal in both regions, and prints it in full first", async () => {
      replays.putInBoth(repaired);
      const { line, ...rest } = await redrive(poison);
      assert.deepEqual(rest, { result: { settled: 1 }, left: false });
      assert.equal(
        line,
        `quarantine, message m1: ${id}: settled: both regions have version ${repaired.version} now.`,
      );
      const printed = replays.printed.map((text) => JSON.parse(text));
      assert.deepEqual(printed, [
        {
          timestamp: new Date(NOW).toISOString(),
          event: "settle",
          stack: "ireland",
          where: "quarantine, message m1",
          id,
          by: "operator aoife",
          because: `both regions have version ${repaired.version} now`,
          record: JSON.parse(JSON.stringify(poison)),
        },
      ]);
    });

    it("it is too old, and both regions have that version or a newer one", async () => {
      for (const version of [versionAt(-31 * DAY), versionAt(-1000, SINGAPORE)]) {
        replays.putInBoth(ticketItem({ id, version, origin: version.slice(23) }));
        const { line, ...rest } = await redrive(tooOld);
        assert.deepEqual(rest, { result: { settled: 1 }, left: false }, line);
      }
      assert.deepEqual(replays.printed, []);
    });

    it("the ticket is deleted in both regions", async () => {
      const deleted = { id, version: versionAt(-1000) };
      for (const expiresAt of [NOW / 1000 + 1000, NOW / 1000 - 1000]) {
        replays.putInBoth(tombstone({ ...deleted, expiresAt }));
        const { line, ...rest } = await redrive(poison);
        assert.deepEqual(rest, { result: { settled: 1 }, left: false }, line);
      }
    });

    it("neither region has the item, and the record is a removal", async () => {
      const removal = streamRecordOf({ before: repaired, after: undefined }, 1);
      const forgotten = record(
        1,
        tombstone({ id, version: versionAt(-61 * DAY), expiresAt: NOW / 1000 - 1 }),
      );
      for (const of of [removal, forgotten]) {
        const { line, ...rest } = await redrive(of);
        assert.deepEqual(rest, { result: { settled: 1 }, left: false }, line);
        assert.match(line, /settled: neither region has the item, and the record contains none\.$/);
      }
    });
  });

  describe("keeps it and names the remedy if", () => {
    const kept: Record<string, { of: DynamoDBRecord; arrange: () => void; line: RegExp }> = {
      "its item still has no readable version": {
        of: poison,
        arrange: () => {
          replays.source.put({ ...repaired, version: "rubbish" });
          replays.target.put(repaired);
        },
        line: /valid version\. Ireland has an item that cannot be compared \(it has no valid version\), singapore has version \S+\. Fix the item, then run this command again\.$/,
      },
      "the regions have different versions": {
        of: poison,
        arrange: () => {
          replays.source.put(repaired);
          replays.target.put({ ...repaired, version: versionAt(-2000) });
        },
        line: /Ireland has version \S+, singapore has version \S+\. Run npm run reconcile, then run this command again\.$/,
      },
      "only its own region has the item": {
        of: tooOld,
        arrange: () => replays.source.put(repaired),
        line: /retention of tombstones: .* Ireland has version \S+, singapore has no such item\. Run npm run reconcile/,
      },
      "both regions have an older version": {
        of: record(1, { version: versionAt(-1000), origin: SINGAPORE }),
        arrange: () => replays.putInBoth(ticketItem({ id, version: versionAt(-2000) })),
        line: /Both regions have version \S+, which is older than the record\. To remove the record, use --discard/,
      },
      "both regions have the same version with different content": {
        of: poison,
        arrange: () => {
          replays.source.put(repaired);
          replays.target.put({ ...repaired, subject: "Another" });
        },
        line: /Both regions have version \S+, but different content\. Run npm run reconcile -- --deep\.$/,
      },
      "the item has no version in both regions": {
        of: poison,
        arrange: () => replays.putInBoth({ id, subject: "By hand" }),
        line: /Ireland has an item without a version, .* Fix the item/,
      },
      "neither region has the item": {
        of: poison,
        arrange: () => undefined,
        line: /Neither region has the item\. To remove the record, use --discard\.$/,
      },
      "neither region has the item, and the record is a tombstone that has not expired": {
        of: record(1, { ...tombstone({ id, expiresAt: NOW / 1000 + 1000 }), version: "rubbish" }),
        arrange: () => undefined,
        line: /Neither region has the item\./,
      },
      "a table cannot be read": {
        of: poison,
        arrange: () => {
          replays.putInBoth(repaired);
          replays.source.beforeGet = () => {
            throw Object.assign(new Error("Lost"), { name: "TimeoutError" });
          };
        },
        line: /Whether it is settled is unknown \(TimeoutError: Lost\)\. Run this command again\.$/,
      },
    };
    for (const [what, { of, arrange, line: expected }] of Object.entries(kept))
      it(what, async () => {
        arrange();
        const { line, ...rest } = await redrive(of);
        assert.deepEqual(rest, { result: { failing: 1 }, left: true });
        assert.match(line, expected);
        assert.deepEqual(replays.printed, []);
      });
  });

  it("reports in a dry run that it would be removed, and removes nothing", async () => {
    replays.putInBoth(repaired);
    const { line, ...rest } = await redrive(poison, { dryRun: true });
    assert.deepEqual(rest, { result: { settled: 1 }, left: true });
    assert.match(line, /would be removed as settled: both regions have version/);
    assert.equal(JSON.parse(replays.printed[0]).event, "would settle");
  });

  it("removes an object if each of its records is applied, stale or settled", async () => {
    replays.putInBoth(repaired);
    const objects = new MemoryObjects({
      one: failure(record(2), poison),
      two: failure(poison, record(3, { version: "rubbish" })),
    });
    const context = replays.context();
    await redriveObjects(objects, "failures", context);
    assert.deepEqual(counts(context), { applied: 1, settled: 2, failing: 1 });
    assert.deepEqual([...objects.texts.keys()], ["two"]);
    assert.equal(replays.printed.length, 1);
  });
});
