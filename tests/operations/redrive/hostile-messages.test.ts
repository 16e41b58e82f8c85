import assert from "node:assert/strict";
import { brotliCompressSync } from "node:zlib";
import { redriveObjects } from "../../../operations/redrive/failure-objects";
import { redriveQueue } from "../../../operations/redrive/quarantine-queue";
import { idOf } from "../../../testing/tickets";
import { MemoryObjects, MemoryQueue } from "../support/memory-queue";
import { counts, message, record, Replays } from "./support/replays";

const GOOD = record(99);
/** Nested lists, as JSON. */
const DEEP = "[".repeat(200_000) + "]".repeat(200_000);
const withDynamodb = (changes: object): unknown => ({ ...GOOD, dynamodb: { ...GOOD.dynamodb, ...changes } });

/** Invalid stream records, as JSON. */
const RECORDS: Readonly<Record<string, string>> = {
  "a numeric sequence number": JSON.stringify(withDynamodb({ SequenceNumber: 7 })),
  "an invalid sequence number": JSON.stringify(withDynamodb({ SequenceNumber: "1.5" })),
  "keys that are a string": JSON.stringify(withDynamodb({ Keys: "id" })),
  "an id that is a number": JSON.stringify(withDynamodb({ Keys: { id: { S: 5 } }, NewImage: null })),
  "an image that is a list": JSON.stringify(withDynamodb({ NewImage: [{ S: "x" }] })),
  "an attribute of two types": JSON.stringify(withDynamodb({ NewImage: { id: { S: "x", N: "1" } } })),
  "an attribute of an unknown type": JSON.stringify(withDynamodb({ NewImage: { id: { constructor: "x" } } })),
  "a map that is a string": JSON.stringify(withDynamodb({ NewImage: { seen: { M: "x" } } })),
  "a set of numbers": JSON.stringify(withDynamodb({ NewImage: { tags: { NS: [1] } } })),
  "a time that is a string": JSON.stringify(withDynamodb({ ApproximateCreationDateTime: "now" })),
  "no change": JSON.stringify({ ...GOOD, dynamodb: null }),
  "a change that is a list": JSON.stringify({ ...GOOD, dynamodb: [] }),
  "deep nesting": `{"dynamodb":{"NewImage":{"id":{"L":${DEEP}}}}}`,
  "deep nesting outside the change": `{"more":${DEEP},"dynamodb":{}}`,
};

describe("redrive of messages without a valid stream record", () => {
  let replays: Replays;
  beforeEach(() => (replays = new Replays()));

  for (const [what, text] of Object.entries(RECORDS)) {
    it(`applies the other messages of a queue, and keeps or discards one with ${what}`, async () => {
      const queue = new MemoryQueue(`{"record":${text}}`, message(GOOD));
      const context = replays.context();
      await redriveQueue(queue, "quarantine", context);
      assert.deepEqual(counts(context), { applied: 1, failing: 1 });
      assert.match(context.summary.failures[0], /message m1: The message holds no quarantined record\.$/);
      await redriveQueue(queue, "quarantine", replays.context({ discard: "no record" }));
      assert.equal(queue.bodies.size, 0);
    });

    it(`keeps or discards an object with ${what}`, async () => {
      const objects = new MemoryObjects({ one: `{"payload":{"Records":[${text}]}}` });
      const context = replays.context();
      await redriveObjects(objects, "failures", context);
      assert.deepEqual(counts(context), { failing: 1 });
      await redriveObjects(objects, "failures", replays.context({ discard: "no record" }));
      assert.equal(objects.texts.size, 0);
    });
  }

  it("does not decompress data longer than any record", async () => {
    const bomb = brotliCompressSync(Buffer.alloc(64 * 1024 * 1024, " ")).toString("base64");
    const queue = new MemoryQueue(JSON.stringify({ compressedRecord: bomb }));
    const context = replays.context();
    await redriveQueue(queue, "quarantine", context);
    assert.deepEqual(counts(context), { failing: 1 });
  });

  it("discards a record whose key DynamoDB rejects", async () => {
    const refused = Object.assign(new Error("The key is too long."), { name: "ValidationException" });
    const reader = { name: "ireland", get: () => Promise.reject(refused) };
    const removal = withDynamodb({ Keys: { id: { S: idOf(1).repeat(100) } }, NewImage: undefined });
    const queue = new MemoryQueue(message(removal as typeof GOOD));
    const context = replays.context({ tables: [reader, reader] });
    await redriveQueue(queue, "quarantine", context);
    assert.match(context.summary.failures[0], /cannot be read \(ValidationException: .*--discard/);
    await redriveQueue(queue, "quarantine", replays.context({ tables: [reader, reader], discard: "why" }));
    assert.equal(queue.bodies.size, 0);
  });
});
