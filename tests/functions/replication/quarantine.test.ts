import assert from "node:assert/strict";
import { MAXIMUM_MESSAGE_BYTES, QuarantinedRecord } from "../../../functions/replication/quarantine";
import { quarantineMessage } from "../../../functions/replication/quarantine";
import { streamRecordOf } from "../../support/stream-records";
import { IRELAND, ticketItem } from "../../support/tickets";

describe("the message of a quarantined record", () => {
  it("has the whole record and the reason", () => {
    const quarantined = quarantine("short");
    assert.deepEqual(JSON.parse(quarantineMessage(quarantined)), quarantined);
  });

  it("leaves the old image out when it would be too long, and says so", () => {
    const quarantined = quarantine("x".repeat(MAXIMUM_MESSAGE_BYTES * 0.6));
    const text = quarantineMessage(quarantined);
    const message = JSON.parse(text) as QuarantinedRecord;
    assert.ok(Buffer.byteLength(text) <= MAXIMUM_MESSAGE_BYTES);
    assert.equal(message.oldImageLeftOut, true);
    assert.equal(message.record.dynamodb?.OldImage, undefined);
    assert.deepEqual(message.record.dynamodb?.NewImage, quarantined.record.dynamodb?.NewImage);
    assert.equal(message.record.dynamodb?.SequenceNumber, "9");
  });

  it("escapes what a queue would refuse or replace, and still reads the same", () => {
    const quarantined = quarantine("\uFFFE and \uFFFF");
    const text = quarantineMessage(quarantined);
    assert.doesNotMatch(text, /[\uFFFE\uFFFF]/);
    assert.deepEqual(JSON.parse(text), quarantined);
  });

  it("is measured in bytes, not in characters", () => {
    const message = JSON.parse(quarantineMessage(quarantine("€".repeat(MAXIMUM_MESSAGE_BYTES * 0.25))));
    assert.equal(message.oldImageLeftOut, true);
  });
});

function quarantine(description: string): QuarantinedRecord {
  const before = ticketItem({ description });
  const record = streamRecordOf({ before, after: { ...before, subject: "Changed" } }, 9);
  const reason = { error: "ValidationException", message: "The item is wrong." };
  return { ...reason, quarantinedAt: "2025-11-23T13:20:00.000Z", sourceRegion: IRELAND, record };
}
