import assert from "node:assert/strict";
import fc from "fast-check";
import { SCHEMAS } from "../../../functions/openapi/document";
import { conflictCursor, conflictOf, sortKeyOf, ticketCursor } from "../../../functions/tickets/cursor";
import { idOf, versionAt } from "../../../testing/tickets";

const TICKET = new RegExp(String(SCHEMAS.TicketCursor.pattern));
const CONFLICT = new RegExp(String(SCHEMAS.ConflictCursor.pattern));
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).filter((key) => key.isWellFormed());

describe("cursor", () => {
  it("decodes to its position and has the format of the OpenAPI document", () => {
    const conflict = { id: idOf(7), losingVersion: versionAt(7) };
    assert.deepEqual(conflictOf(conflictCursor(conflict)), conflict);
    assert.match(conflictCursor(conflict), CONFLICT);
    fc.assert(
      fc.property(text, (key) => {
        assert.equal(sortKeyOf(ticketCursor(key)), key);
        assert.match(ticketCursor(key), TICKET);
      }),
    );
  });

  it("needs no escaping in a URL", () => {
    for (const cursor of [
      ticketCursor("2026-01-01T00:00:00.000Z#?ü"),
      conflictCursor({ id: idOf(7), losingVersion: versionAt(7) }),
    ])
      assert.equal(encodeURIComponent(cursor), cursor);
  });

  it("decodes to a key that DynamoDB accepts, for every text in the format", () => {
    fc.assert(
      fc.property(fc.stringMatching(TICKET), (cursor) => {
        const bytes = Buffer.byteLength(sortKeyOf(cursor));
        assert.ok(bytes > 0 && bytes <= 1024, `${bytes} bytes`);
      }),
    );
  });

  it("contains the part of a long sort key that orders tickets", () =>
    assert.equal(sortKeyOf(ticketCursor("x".repeat(2000))), "x".repeat(60)));

  it("is valid for one list only", () => {
    assert.doesNotMatch(ticketCursor("a"), CONFLICT);
    assert.doesNotMatch(conflictCursor({ id: idOf(7), losingVersion: versionAt(7) }), TICKET);
  });
});
