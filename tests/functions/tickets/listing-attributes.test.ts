import assert from "node:assert/strict";
import {
  isListSortKey,
  listingAttributes,
  listingAttributesOf,
} from "../../../functions/tickets/listing-attributes";
import { ALL_SHARDS, shardOf } from "../../../functions/tickets/list-indexes";
import { idOf, ticketItem } from "../../../testing/tickets";

describe("listingAttributes", () => {
  const ticket = ticketItem({ assignee: "Bob", status: "closed" });
  const expected = {
    listSortKey: `2025-11-23T13:20:00.000Z#${idOf(1)}`,
    assigneeStatus: "closed#Bob",
    statusShard: `closed#${shardOf(idOf(1))}`,
    assigneeShard: `closed#Bob#${shardOf(idOf(1))}`,
  };

  it("returns the time with the id, and the status with the assignee and the shard", () => {
    assert.deepEqual(listingAttributes(ticket), expected);
    assert.deepEqual(listingAttributesOf(ticket), expected);
    assert.ok(isListSortKey(expected.listSortKey));
  });

  it("returns them for an item written by hand, also with a time in another format", () => {
    for (const createdAt of ["2025-11-23T13:20:00Z", "2025-11-23T14:20:00+01:00"])
      assert.deepEqual(listingAttributesOf({ ...ticket, createdAt }), expected);
    assert.equal(listingAttributesOf({ ...ticket, assignee: undefined })?.assigneeStatus, "closed#");
  });

  for (const [what, attributes] of Object.entries({
    "an id that is not a ticket id": { id: "by hand" },
    "no time": { createdAt: undefined },
    "an invalid time": { createdAt: "yesterday" },
    "a time after the year 9999": { createdAt: "+010000-01-01T00:00:00.000Z" },
    "an unknown status": { status: "gone" },
    "an assignee that is not a string": { assignee: 7 },
  }))
    it(`returns undefined for an item with ${what}`, () =>
      assert.equal(listingAttributesOf({ ...ticket, ...attributes }), undefined));
});

describe("shardOf", () => {
  it("never changes, because it is stored", () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => shardOf(idOf(number))),
      [2, 1, 3, 2, 2, 3, 0, 1],
    );
  });

  it("spreads ids evenly", () => {
    const counts = new Map<number, number>();
    for (let number = 0; number < 4000; number++) {
      const shard = shardOf(idOf(number));
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    for (const shard of ALL_SHARDS)
      assert.ok(Math.abs((counts.get(shard) ?? 0) - 1000) < 150, `${counts.get(shard)}`);
  });
});
