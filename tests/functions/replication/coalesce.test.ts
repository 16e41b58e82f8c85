import assert from "node:assert/strict";
import fc from "fast-check";
import { coalesceByItem } from "../../../functions/replication/coalesce";
import { readStreamRecord, ReplicableRecord } from "../../../functions/replication/stream-record";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, ticketItem, versionAt } from "../../../testing/tickets";

describe("coalesceByItem", () => {
  it("groups by item with the newest version first, regardless of the order of arrival", () => {
    const records = [recordOf(1, 1, 30), recordOf(2, 2, 10), recordOf(3, 1, 50), recordOf(4, 1, 40)];
    const items = coalesceByItem(records).map((item) => item.map(({ sequenceNumber }) => sequenceNumber));
    assert.deepEqual(items, [["2"], ["3", "4", "1"]]);
  });

  it("keeps every record exactly once, with its item", () => {
    const write = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(write), (writes) => {
        const records = writes.map(([item, at], index) => recordOf(index + 1, item, at));
        const items = coalesceByItem(records);
        assert.equal(new Set(items.flat()).size, records.length);
        assert.equal(new Set(items.map(([newest]) => newest.id)).size, items.length);
        for (const item of items)
          item.forEach((record, index) => {
            assert.equal(record.id, item[0].id);
            assert.ok(index === 0 || item[index - 1].versionText >= record.versionText);
          });
      }),
    );
  });

  it("returns nothing for an empty batch", () => assert.deepEqual(coalesceByItem([]), []));
});

function recordOf(sequenceNumber: number, item: number, milliseconds: number): ReplicableRecord {
  const ticket = ticketItem({ id: idOf(item), version: versionAt(milliseconds) });
  const reading = readStreamRecord(inserted(ticket, sequenceNumber), IRELAND);
  assert.ok(reading.kind === "replicate");
  return reading.record;
}
