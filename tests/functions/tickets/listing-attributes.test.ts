import assert from "node:assert/strict";
import {
  isListSortKey,
  listingAttributes,
  listingAttributesOf,
} from "../../../functions/tickets/listing-attributes";
import { idOf, ticketItem } from "../../../testing/tickets";

describe("listingAttributes", () => {
  const ticket = ticketItem({ assignee: "Bob", status: "closed" });
  const expected = { listSortKey: `2025-11-23T13:20:00.000Z#${idOf(1)}`, assigneeStatus: "closed#Bob" };

  it("returns the time with the id, and the status with the assignee", () => {
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
