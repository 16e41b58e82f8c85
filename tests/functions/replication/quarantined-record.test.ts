import assert from "node:assert/strict";
import type { AttributeValue } from "aws-lambda";
import fc from "fast-check";
import {
  MAXIMUM_MESSAGE_BYTES,
  QuarantinedRecord,
  quarantineMessage,
  recordInMessage,
} from "../../../functions/replication/quarantined-record";
import { inserted, streamRecordOf } from "../../../testing/stream-records";
import { IRELAND, ticketItem } from "../../../testing/tickets";

const ITEM_BYTES = 400 * 1024;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
// eslint-disable-next-line no-control-regex
const ALLOWED = /^[\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

describe("quarantineMessage", () => {
  it("contains the complete record and the reason", () => {
    const quarantined = quarantine("short");
    assert.deepEqual(JSON.parse(messageOf(quarantined)), quarantined);
  });

  it("compresses a record that is too large, and keeps keys and reason readable", () => {
    const quarantined = quarantine("x".repeat(MAXIMUM_MESSAGE_BYTES * 0.6));
    const text = messageOf(quarantined);
    const { record, compressedRecord, ...readable } = JSON.parse(text) as QuarantinedRecord;
    assert.ok(compressedRecord);
    assert.deepEqual(record.dynamodb?.Keys, quarantined.record.dynamodb?.Keys);
    assert.deepEqual({ ...readable, record: recordInMessage(text) }, quarantined);
  });

  it("measures the size in bytes, not in characters", () => {
    const quarantined = quarantine("€".repeat(MAXIMUM_MESSAGE_BYTES * 0.25));
    assert.ok("compressedRecord" in JSON.parse(messageOf(quarantined)));
  });

  const LONGEST: Record<string, AttributeValue> = {
    "control characters": { S: "\u0001".repeat(ITEM_BYTES) },
    "random control characters": { S: random(ITEM_BYTES, (byte) => String.fromCharCode(byte % 32)) },
    "random ASCII": { S: random(ITEM_BYTES, (byte) => String.fromCharCode(byte % 128)) },
    "quotation marks": { S: '"'.repeat(ITEM_BYTES) },
    "characters above U+FFFF": { S: "😀".repeat(ITEM_BYTES / 4) },
    "random bytes": {
      B: Buffer.from(
        random(ITEM_BYTES, (byte) => String.fromCharCode(byte)),
        "latin1",
      ).toString("base64"),
    },
    "a list of nothing": { L: Array.from({ length: ITEM_BYTES / 2 }, () => ({ NULL: true })) },
  };
  for (const [what, value] of Object.entries(LONGEST))
    it(`fits two images of 400 KB of ${what} into a queue`, () => {
      const before = { ...inserted(ticketItem(), 9).dynamodb?.NewImage, value };
      const record = inserted(ticketItem(), 9);
      const dynamodb = { ...record.dynamodb, NewImage: before, OldImage: before };
      const text = messageOf({ ...quarantine(""), record: { ...record, dynamodb } });
      assert.ok(Buffer.byteLength(text) <= MAXIMUM_MESSAGE_BYTES);
      assert.deepEqual(recordInMessage(text)?.dynamodb, dynamodb);
    });

  it("shortens a long reason, but never the record", () => {
    const quarantined = { ...quarantine("short"), message: "m".repeat(MAXIMUM_MESSAGE_BYTES) };
    const text = messageOf(quarantined);
    assert.deepEqual(recordInMessage(text), quarantined.record);
    assert.ok((JSON.parse(text) as QuarantinedRecord).message.length < 5000);
  });

  it("returns undefined if the record is too large when compressed", () => {
    const bytes = random(2 * MAXIMUM_MESSAGE_BYTES, (byte) => String.fromCharCode(33 + (byte % 90)));
    assert.equal(quarantineMessage(quarantine(bytes)), undefined);
  });

  it("contains only characters that SQS accepts, and parses to the same record, for any text and bytes", () => {
    const text = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    });
    const bytes = fc.uint8Array().map((array) => Buffer.from(array).toString("base64"));
    const value = fc.oneof(
      text.map((S) => ({ S })),
      bytes.map((B) => ({ B })),
      fc
        .dictionary(
          text,
          text.map((S) => ({ S })),
        )
        .map((M) => ({ M })),
    );
    fc.assert(
      fc.property(fc.dictionary(text, value), text, text, (image, error, message) => {
        const record = inserted(ticketItem(), 9);
        const dynamodb = { ...record.dynamodb, NewImage: image };
        const body = messageOf({ ...quarantine(""), error, message, record: { ...record, dynamodb } });
        assert.match(body, ALLOWED);
        assert.deepEqual(recordInMessage(body)?.dynamodb?.NewImage, JSON.parse(JSON.stringify(image)));
      }),
      { examples: [[{ ["__proto__"]: { S: "\uFFFE\uFFFF\uD800\0" } }, "\uDFFF", "\u000B"]] },
    );
  });

  it("returns no record for a message without one", () => {
    for (const body of [
      "",
      "null",
      "{}",
      '{"record": 1}',
      '{"compressedRecord": "AAAA"}',
      '{"compressedRecord": 1}',
    ])
      assert.equal(recordInMessage(body), undefined, body);
  });
});

function messageOf(quarantined: QuarantinedRecord): string {
  const text = quarantineMessage(quarantined);
  assert.ok(text !== undefined);
  return text;
}

/** Returns a reproducible pseudo-random text: xorshift, https://www.jstatsoft.org/article/view/v008i14 */
function random(length: number, toCharacter: (byte: number) => string): string {
  let state = 2463534242;
  return Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return toCharacter(state & 0xff);
  }).join("");
}

function quarantine(description: string): QuarantinedRecord {
  const before = ticketItem({ description });
  const record = streamRecordOf({ before, after: { ...before, subject: "Changed" } }, 9);
  const reason = { error: "ValidationException", message: "The item is wrong." };
  return { ...reason, quarantinedAt: "2025-11-23T13:20:00.000Z", sourceRegion: IRELAND, record };
}
