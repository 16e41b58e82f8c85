import assert from "node:assert/strict";
import {
  isListSortKey,
  listingAttributes,
  listingAttributesOf,
} from "../../../functions/tickets/listing-attributes";
import { idOf, ticketItem } from "../../../testing/tickets";

describe("the listing attributes of a ticket", () => {
  const ticket = ticketItem({ assignee: "Bob", status: "closed" });
  const expected = { listSortKey: `2025-11-23T13:20:00.000Z#${idOf(1)}`, assigneeStatus: "closed#Bob" };

  it("are its time and id, and its status and assignee", () => {
    assert.deepEqual(listingAttributes(ticket), expected);
    assert.deepEqual(listingAttributesOf(ticket), expected);
    assert.ok(isListSortKey(expected.listSortKey));
  });

  it("are found for an item that somebody wrote by hand, also with a time in another form", () => {
    for (const createdAt of ["2025-11-23T13:20:00Z", "2025-11-23T14:20:00+01:00"])
      assert.deepEqual(listingAttributesOf({ ...ticket, createdAt }), expected);
    assert.equal(listingAttributesOf({ ...ticket, assignee: undefined })?.assigneeStatus, "closed#");
  });

  for (const [what, attributes] of Object.entries({
    "an id that is no ticket's": { id: "by hand" },
    "no time": { createdAt: undefined },
    "a time that is none": { createdAt: "yesterday" },
    "a time that does not sort": { createdAt: "+010000-01-01T00:00:00.000Z" },
    "another status": { status: "gone" },
    "an assignee that is no text": { assignee: 7 },
  }))
    it(`are none for an item with ${what}`, () =>
      assert.equal(listingAttributesOf({ ...ticket, ...attributes }), undefined));
});
